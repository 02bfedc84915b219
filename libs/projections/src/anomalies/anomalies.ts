import type { Pool } from 'pg';
import { type Status } from '#domain';
import { type Standing, type Tie, compareText } from '#temporal';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import type { PolicyChange, Projection } from '../projection.js';
import { type ReadRow, type ShownEventRow, grouped, matches, pageOf, rowsAt, shownRow } from '../rows-at.js';
import { type Row, type Table, type TableChange, standsAt, storedInstant } from '../table.js';
import { EVENT_COLUMNS, versionRows } from '../version-rows.js';
import { unusualTransition } from './transitions.js';

/** One row a thing about an event that a reader should doubt. */
const table: Table = {
  name: 'anomalies',
  columns: { ...EVENT_COLUMNS, kind: 'text NOT NULL', detail: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

/** One row a pair of events that nothing but the order of recording decides between. */
const ties: Table = {
  name: 'ties',
  columns: { field: 'text NOT NULL', weaker: 'text NOT NULL', stronger: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

const anomalyRows = versionRows(table, (standing) => standing.anomalies.map(({ kind, detail }) => ({ kind, detail })));

export const anomalies: Projection = {
  name: 'anomalies',
  version: 1,
  tables: [table, ties],
  changesOf: (change) => [anomalyRows(change), ...tieRows(change)],
};

const tieRows = ({ policy, position, change }: PolicyChange): readonly TableChange[] =>
  change
    ? [
        {
          table: ties,
          inserts: change.ties.opened.map((tie) => tieRow(policy, tie)),
          closes: change.ties.closed.map(({ id }) => ({ policy, id, at: position })),
        },
      ]
    : [];

const tieRow = (policy: number, { id, since, thing }: Standing<Tie>): Row => ({
  policy,
  id,
  part: 0,
  recordedFrom: since,
  known: thing.known,
  columns: { field: thing.field, weaker: thing.events[0], stronger: thing.events[1] },
});

/** One anomaly, as answers show it. */
export interface AnomalyAnswer extends ShownEventRow {
  readonly kind: string;
  readonly detail: string;
}

interface Listing {
  readonly filter: { readonly policy?: string | undefined; readonly kind?: string | undefined };
  readonly page: Page;
}

type Ordered = AnomalyAnswer & { readonly order: string };

/** What looks odd at a coordinate: accepted, but worth a look. In order of occurrence of the event concerned. */
export async function anomaliesAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter, page }: Listing,
): Promise<Paged<AnomalyAnswer>> {
  const found = await Promise.all([eventAnomalies(pool, at), tiesAt(pool, at), transitionsAt(pool, at)]);
  const shown = found
    .flat()
    .filter(({ policy, kind }) => matches(filter.policy, policy) && matches(filter.kind, kind))
    .sort((one, other) => compareText(one.order, other.order) || compareText(one.kind, other.kind))
    .map(({ order: _order, ...anomaly }): AnomalyAnswer => anomaly);
  return pageOf(shown, page);
}

async function eventAnomalies(pool: Pool, at: ResolvedCoordinate): Promise<readonly Ordered[]> {
  const rows = await rowsAt<{ kind: string; detail: string }>(pool, at, {
    table: 'anomalies',
    own: 't.kind, t.detail',
  });
  return rows.map((row) => ({ ...shownRow(row), kind: row.kind, detail: row.detail, order: row.occurred_order }));
}

// A tie and a status are told of the event that they concern, so that every row has the same shape.
const ABOUT_EVENT = `p.slug AS policy_slug, t.event, t.position::float8 AS position, t.public_from::float8 AS public_from, t.occurred_order
  FROM %S JOIN read.timeline t ON t.policy = x.policy AND t.event = x.event AND ${standsAt('t', '$1', '$2')}
  JOIN LATERAL (SELECT slug FROM read.policies p WHERE p.policy = x.policy LIMIT 1) p ON true`;

const TIES = `SELECT x.field, x.weaker, ${ABOUT_EVENT.replace('%S', `(SELECT i.policy, i.field, i.weaker, i.stronger AS event FROM read.ties i WHERE ${standsAt('i', '$1', '$2')}) x`)}`;

async function tiesAt(pool: Pool, at: ResolvedCoordinate): Promise<readonly Ordered[]> {
  const { rows } = await pool.query<ReadRow<{ field: string; weaker: string }>>({
    name: 'ties-at',
    text: TIES,
    values: [at.recorded, storedInstant(at.knownAt)],
  });
  return rows.map((row) => ({
    ...shownRow(row),
    kind: 'tie',
    detail: `Of "${row.weaker}" and this event only the order of recording decides about ${row.field}; they disagree.`,
    order: row.occurred_order,
  }));
}

const STATUSES = `SELECT x.value, x.valid_from::float8 AS valid_from, ${ABOUT_EVENT.replace(
  '%S',
  `(SELECT i.policy, i.event, i.value #>> '{}' AS value, i.valid_from FROM read.boxes i WHERE i.field = 'status' AND ${standsAt('i', '$1', '$2')}) x`,
)}`;

async function transitionsAt(pool: Pool, at: ResolvedCoordinate): Promise<readonly Ordered[]> {
  const { rows } = await pool.query<ReadRow<{ value: Status; valid_from: number }>>({
    name: 'statuses-at',
    text: STATUSES,
    values: [at.recorded, storedInstant(at.knownAt)],
  });
  return [...grouped(rows, ({ policy_slug }) => policy_slug).values()].flatMap(unusualIn);
}

function unusualIn(statuses: readonly ReadRow<{ value: Status; valid_from: number }>[]): readonly Ordered[] {
  const series = [...statuses].sort((one, other) => one.valid_from - other.valid_from);
  return series.flatMap((row, index) => {
    const detail = unusualTransition(series[index - 1]?.value, row.value);
    return detail === undefined
      ? []
      : [{ ...shownRow(row), kind: 'unusual-transition', detail, order: row.occurred_order }];
  });
}
