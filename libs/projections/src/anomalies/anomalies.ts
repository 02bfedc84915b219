import type { Pool } from 'pg';
import { type Status, eventTypes } from '#domain';
import { type OrderDoubt, type Standing, compareText } from '#temporal';
import type { Page, Paged, ResolvedCoordinate } from '../answers.js';
import type { PolicyChange, Projection } from '../projection.js';
import { type ReadRow, type ShownEventRow, grouped, matches, pageOf, rowsAt, shownRow } from '../rows-at.js';
import { type Row, type Table, type TableChange, isOfPolicy, standsAt, storedInstant } from '../table.js';
import { EVENT_COLUMNS, versionRows } from '../version-rows.js';
import { disregarded, disregardedRows } from './disregarded.js';
import { unusualTransition } from './transitions.js';

/** One row a thing about an event that a reader should doubt. */
const table: Table = {
  name: 'anomalies',
  columns: { ...EVENT_COLUMNS, kind: 'text NOT NULL', detail: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

/** One row an event whose order among others that disagree is not known, and the nearest of these. */
const orderDoubts: Table = {
  name: 'order_doubts',
  columns: { kind: 'text NOT NULL', field: 'text NOT NULL', event: 'text NOT NULL', other: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

/** One row a withdrawal of a source in force, whatever its event cites. */
const withdrawals: Table = {
  name: 'source_withdrawals',
  columns: { ...EVENT_COLUMNS, target: 'text NOT NULL', publisher: 'text NOT NULL', title: 'text NOT NULL' },
  indexes: ['(recorded_to, known_from, known_to)'],
};

const withdrawalRows = versionRows(
  withdrawals,
  {
    things: ({ event, body: { target, source }, retracted }) =>
      event.type === 'source.retracted' && !retracted && target !== undefined && source ? [{ target, source }] : [],
    columns: ({ target, source: { publisher, title } }) => ({ target, publisher, title }),
  },
  { all: true },
);

const anomalyRows = versionRows(table, {
  things: ({ anomalies }) => anomalies,
  columns: ({ kind, detail }) => ({ kind, detail }),
});

export const anomalies: Projection = {
  name: 'anomalies',
  version: 4,
  tables: [table, orderDoubts, withdrawals, disregarded],
  changesOf: (change) => [
    anomalyRows(change),
    ...doubtRows(change),
    withdrawalRows(change),
    ...disregardedRows(change),
  ],
};

const doubtRows = ({ policy, position, change }: PolicyChange): readonly TableChange[] =>
  change
    ? [
        {
          table: orderDoubts,
          inserts: change.doubts.opened.map((doubt) => doubtRow(policy, doubt)),
          closes: change.doubts.closed.map(({ id }) => ({ policy, id, at: position })),
        },
      ]
    : [];

const doubtRow = (policy: number, { id, since, thing }: Standing<OrderDoubt>): Row => ({
  policy,
  id,
  part: 0,
  recordedFrom: since,
  known: thing.known,
  columns: { kind: thing.kind, field: thing.field, event: thing.event, other: thing.other },
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
  const asked = { pool, at, policy: filter.policy };
  const found = await Promise.all([
    eventAnomalies(asked, table),
    eventAnomalies(asked, disregarded),
    orderDoubtsAt(asked),
    withdrawalsAt(asked),
    transitionsAt(asked),
  ]);
  const shown = found
    .flat()
    .filter(({ kind }) => matches(filter.kind, kind))
    .sort((one, other) => compareText(one.order, other.order) || compareText(one.kind, other.kind))
    .map(({ order: _order, ...anomaly }): AnomalyAnswer => anomaly);
  return pageOf(shown, page);
}

interface Asked {
  readonly pool: Pool;
  readonly at: ResolvedCoordinate;
  /** All when undefined. */
  readonly policy: string | undefined;
}

async function eventAnomalies({ pool, at, policy }: Asked, { name }: Table): Promise<readonly Ordered[]> {
  const rows = await rowsAt<{ kind: string; detail: string }>(pool, at, {
    table: name,
    own: 't.kind, t.detail',
    policy,
  });
  return rows.map((row) => ({ ...shownRow(row), kind: row.kind, detail: row.detail, order: row.occurred_order }));
}

async function orderDoubtsAt(asked: Asked): Promise<readonly Ordered[]> {
  const rows = await withEvents<Pick<OrderDoubt, 'kind' | 'field' | 'other'>>(asked, {
    name: 'order-doubts',
    own: 'x.kind, x.field, x.other',
    rows: 'SELECT i.policy, i.kind, i.field, i.event, i.other FROM read.order_doubts i WHERE true',
  });
  return rows.map((row) => ({
    ...shownRow(row),
    kind: row.kind,
    detail: DOUBTS[row.kind](row),
    order: row.occurred_order,
  }));
}

const DOUBTS: Readonly<Record<OrderDoubt['kind'], (doubt: Pick<OrderDoubt, 'field' | 'other'>) => string>> = {
  tie: ({ field, other }) =>
    `Only the order of recording decides between this event and "${other}" about ${field}, and they disagree. Link one to the other by "follows", or give them ordinals.`,
  'order-unknown': ({ field, other }) =>
    `This event may have happened before or after "${other}", which its date contains, and they disagree about ${field}; the sharper date counts. Link one to the other by "follows", or give a closer date.`,
};

/** Withdrawals of sources that the event does not have, or not yet. */
async function withdrawalsAt(asked: Asked): Promise<readonly Ordered[]> {
  const rows = await withEvents<{ target: string; publisher: string; title: string }>(asked, {
    name: 'withdrawals',
    own: 'x.target, x.publisher, x.title',
    rows: `SELECT i.policy, i.event, i.target, i.publisher, i.title FROM read.source_withdrawals i
      WHERE EXISTS (SELECT FROM read.timeline e WHERE e.policy = i.policy AND e.event = i.target AND e.counts AND ${standsAt('e', '$1', '$2')})
      AND NOT EXISTS (SELECT FROM read.sources s WHERE s.policy = i.policy AND s.event = i.target
        AND s.publisher = i.publisher AND s.title = i.title AND ${standsAt('s', '$1', '$2')})`,
  });
  return rows.map((row) => ({
    ...shownRow(row),
    kind: 'source-not-cited',
    detail: `It says that "${row.publisher}" withdrew "${row.title}", which is no source of "${row.target}".`,
    order: row.occurred_order,
  }));
}

async function transitionsAt(asked: Asked): Promise<readonly Ordered[]> {
  const rows = await withEvents<StatusRow>(asked, {
    name: 'statuses',
    own: 'x.value, x.valid_from::float8 AS valid_from, x.may_have_another_before',
    rows: `SELECT i.policy, i.event, i.value #>> '{}' AS value, i.valid_from, EXISTS (SELECT FROM read.unsure u WHERE u.policy = i.policy
        AND u.field = 'status' AND u.event <> i.event AND u.unsure_from < i.valid_from AND ${standsAt('u', '$1', '$2')})
      OR EXISTS (SELECT FROM read.timeline o JOIN read.timeline e ON e.policy = o.policy AND e.event = i.event AND ${standsAt('e', '$1', '$2')}
        WHERE o.policy = i.policy AND o.counts AND o.occurred_order < e.occurred_order AND ${setsStatus('o')} AND ${standsAt('o', '$1', '$2')})
        AS may_have_another_before
      FROM read.boxes i WHERE i.field = 'status'`,
  });
  return [...grouped(rows, ({ policy_slug }) => policy_slug).values()].flatMap(unusualIn);
}

const TYPES_OF_STATUS = [...eventTypes.values()]
  .filter(({ defaultStatus }) => defaultStatus !== null)
  .map(({ name }) => name);

/** True of a row of the timeline whose event sets a status: its own, or that of its type. */
const setsStatus = (row: string): string =>
  `(${row}.body ->> 'status' IS NOT NULL OR (${row}.body -> 'status' IS NULL AND ${row}.type IN ('${TYPES_OF_STATUS.join("', '")}')))`;

interface StatusRow {
  readonly value: Status;
  readonly valid_from: number;
  /** Another event may have set a status before it, though none is settled, or set one that lasted no time. */
  readonly may_have_another_before: boolean;
}

/** Reads rows `i` that name an event, with what every row tells of that event, so that all have the same shape. */
async function withEvents<Own extends object>(
  { pool, at, policy }: Asked,
  { name, own, rows: source }: { name: string; own: string; rows: string },
): Promise<readonly ReadRow<Own>[]> {
  const conditions = [standsAt('i', '$1', '$2'), ...(policy === undefined ? [] : [isOfPolicy('i', '$3')])].join(
    ' AND ',
  );
  const { rows } = await pool.query<ReadRow<Own>>({
    name: policy === undefined ? `${name}-at` : `${name}-of-policy-at`,
    text: `SELECT ${own}, p.slug AS policy_slug, t.event, t.position::float8 AS position, t.public_from::float8 AS public_from, t.occurred_order
      FROM (${source} AND ${conditions}) x JOIN read.timeline t ON t.policy = x.policy AND t.event = x.event AND ${standsAt('t', '$1', '$2')}
      JOIN LATERAL (SELECT slug FROM read.policies p WHERE p.policy = x.policy LIMIT 1) p ON true`,
    values: [at.recorded, storedInstant(at.knownAt), ...(policy === undefined ? [] : [policy])],
  });
  return rows;
}

function unusualIn(statuses: readonly ReadRow<StatusRow>[]): readonly Ordered[] {
  const series = [...statuses].sort((one, other) => one.valid_from - other.valid_from);
  return series.flatMap((row, index) => {
    if (index === 0 && row.may_have_another_before) return [];
    const detail = unusualTransition(series[index - 1]?.value, row.value);
    return detail === undefined
      ? []
      : [{ ...shownRow(row), kind: 'unusual-transition', detail, order: row.occurred_order }];
  });
}
