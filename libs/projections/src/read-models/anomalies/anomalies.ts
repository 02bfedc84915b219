import type { Pool } from 'pg';
import { z } from 'zod';
import { type Status, eventTypes } from '#domain';
import type { DisregardReason } from '#event-log';
import type { EventAnomaly, OrderDoubt, LedgerItem } from '#temporal';
import { type Undescribed, describeRows, describedRow } from '../../core/described-rows.js';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import type { PolicyChange, Projection } from '../../rows/projection.js';
import { type ReadRow, occurrenceIndexes, rowSteps, rowStepsWithEvents, shownRow } from '../../rows/rows-at.js';
import { type Steps, convert, oneAfterTheOther, pageInSteps, showAs } from '../../rows/steps.js';
import { type Row, type Table, type TableChange, standsAt, storedInstant } from '../../rows/table.js';
import { EVENT_COLUMNS, versionRows } from '../../rows/version-rows.js';
import { disregarded, disregardedRows } from './disregarded.js';
import { unusualTransition } from './transitions.js';

/** One row a thing about an event that a reader should doubt. */
const table: Table = {
  name: 'anomalies',
  columns: { ...EVENT_COLUMNS, kind: 'text NOT NULL', detail: 'text NOT NULL' },
  indexes: occurrenceIndexes(),
};

/** One row an event whose order among others that disagree is not known, and the nearest of these. */
const orderDoubts: Table = {
  name: 'order_doubts',
  columns: { kind: 'text NOT NULL', field: 'text NOT NULL', event: 'text NOT NULL', other: 'text NOT NULL' },
  indexes: [],
};

const anomalyRows = versionRows(table, {
  things: ({ anomalies }) => anomalies,
  columns: ({ kind, detail }) => ({ kind, detail }),
});

export const anomalies: Projection = {
  name: 'anomalies',
  version: 5,
  tables: [table, orderDoubts, disregarded],
  changesOf: (change) => [anomalyRows(change), ...doubtRows(change), ...disregardedRows(change)],
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

const doubtRow = (policy: number, { id, since, value }: LedgerItem<OrderDoubt>): Row => ({
  policy,
  id,
  part: 0,
  recordedFrom: since,
  known: value.known,
  columns: { kind: value.kind, field: value.field, event: value.event, other: value.other },
});

const NOT_CITED = 'source-not-cited';
const TRANSITION = 'unusual-transition';

/** Every kind of anomaly: of single events, of their order, of sources, of the status, of what the log did not take. */
const KINDS = [
  'bounds-crossed',
  'follows-wrong-way',
  'no-source-left',
  'tie',
  'order-unknown',
  NOT_CITED,
  TRANSITION,
  'repeated',
  'key-taken',
  'idempotency-key-taken',
  'request-disregarded',
  'not-ours',
] as const;

/** One anomaly, as answers show it. */
export const shownAnomaly = describedRow
  .extend({ kind: z.enum(KINDS), detail: z.string().meta({ description: 'What looks odd, in a sentence or two.' }) })
  .meta({ id: 'Anomaly', description: 'Something that was accepted and is worth a look.' });

/** See the schema. */
export type AnomalyAnswer = Readonly<z.output<typeof shownAnomaly>>;

interface Listing {
  readonly filter: { readonly policy?: string | undefined; readonly kind?: string | undefined };
  readonly page: Page;
}

/**
 * What looks odd at a coordinate: accepted, but worth a look. By where it shows: in single events, in the order of events, in
 * withdrawals of sources, in the course of the status, in what the log did not take.
 */
export function anomaliesAt(
  pool: Pool,
  at: ResolvedCoordinate,
  { filter: { policy, kind }, page }: Listing,
): Promise<Paged<AnomalyAnswer>> {
  const asked = { pool, at, policy, kind };
  const isAsked = (one: string): boolean => kind === undefined || kind === one;
  const lists = [
    eventAnomalies(asked, table),
    orderDoubtsAt(asked),
    ...(isAsked(NOT_CITED) ? [withdrawalsAt(asked)] : []),
    ...(isAsked(TRANSITION) ? [transitionsAt(asked)] : []),
    eventAnomalies(asked, disregarded),
  ];
  return pageInSteps(
    oneAfterTheOther(lists),
    page,
    describeRows(
      pool,
      at,
      showAs((anomaly: Anomaly) => anomaly),
    ),
  );
}

interface Asked {
  readonly pool: Pool;
  readonly at: ResolvedCoordinate;
  /** All when undefined. */
  readonly policy: string | undefined;
  readonly kind: string | undefined;
}

type Anomaly = Undescribed<AnomalyAnswer>;
type Anomalies = Steps<Anomaly>;

/** A list of rows, each of which is an anomaly. */
const eachAs = <Row>(steps: Steps<Row>, anomalyOf: (row: Row) => Anomaly): Anomalies =>
  convert(steps, (rows) => Promise.resolve(rows.map(anomalyOf)));

const eventAnomalies = ({ pool, at, policy, kind }: Asked, { name }: Table): Anomalies =>
  eachAs(
    rowSteps<{ kind: EventAnomaly['kind'] | DisregardReason; detail: string }>(pool, at, {
      table: name,
      own: 't.kind, t.detail',
      policy,
      also: (bind) => (kind === undefined ? [] : [`t.kind = ${bind(kind)}`]),
    }),
    (row) => ({ ...shownRow(row), kind: row.kind, detail: row.detail }),
  );

const orderDoubtsAt = ({ pool, at, policy, kind }: Asked): Anomalies =>
  eachAs(
    rowStepsWithEvents<Pick<OrderDoubt, 'kind' | 'field' | 'other'>>(pool, at, {
      table: orderDoubts.name,
      order: [
        ['policy', 'integer'],
        ['id', 'integer'],
      ],
      own: 't.kind, t.field, t.other',
      policy,
      also: (bind) => (kind === undefined ? [] : [`t.kind = ${bind(kind)}`]),
    }),
    (row) => ({ ...shownRow(row), kind: row.kind, detail: DOUBTS[row.kind](row) }),
  );

const DOUBTS: Readonly<Record<OrderDoubt['kind'], (doubt: Pick<OrderDoubt, 'field' | 'other'>) => string>> = {
  tie: ({ field, other }) =>
    `Only the order of recording decides between this event and "${other}" about ${field}, and they disagree. Link one to the other by "follows", or give them ordinals.`,
  'order-unknown': ({ field, other }) =>
    `This event may have happened before or after "${other}", which its date contains, and they disagree about ${field}; the sharper date counts. Link one to the other by "follows", or give a closer date.`,
};

/** Withdrawals of sources that the event does not have, or not yet. */
const withdrawalsAt = ({ pool, at, policy }: Asked): Anomalies =>
  eachAs(
    rowSteps<{ target: string; publisher: string; title: string }>(pool, at, {
      table: 'source_withdrawals',
      own: 't.target, t.publisher, t.title',
      policy,
      also: (bind) => {
        const point = [bind(at.recorded), bind(storedInstant(at.knownAt))] as const;
        return [
          `EXISTS (SELECT FROM read.timeline e WHERE e.policy = t.policy AND e.event = t.target AND e.counts AND ${standsAt('e', ...point)})`,
          `NOT EXISTS (SELECT FROM read.sources s WHERE s.policy = t.policy AND s.target = t.target
            AND s.publisher = t.publisher AND s.title = t.title AND ${standsAt('s', ...point)})`,
        ];
      },
    }),
    (row) => ({
      ...shownRow(row),
      kind: NOT_CITED,
      detail: `It says that "${row.publisher}" withdrew "${row.title}", which is no source of "${row.target}".`,
    }),
  );

interface StatusColumns {
  readonly value: Status;
  readonly valid_from: number;
}

type StatusRow = ReadRow<StatusColumns>;

/** A status and the policy that has it. */
type PolicyStatus = Pick<StatusRow, 'policy' | 'value'>;

const transitionsAt = ({ pool, at, policy }: Asked): Anomalies => {
  let before: PolicyStatus | undefined;
  return convert(
    rowStepsWithEvents<StatusColumns>(pool, at, {
      table: 'boxes',
      order: [
        ['policy', 'integer'],
        ['valid_from', 'bigint'],
        ['id', 'integer'],
      ],
      own: "t.value #>> '{}' AS value, t.valid_from::float8 AS valid_from",
      policy,
      where: "t.field = 'status'",
    }),
    async (statuses) => {
      const [first] = statuses;
      if (!before && first) before = await statusBefore(pool, at, first);
      const earlier = [before, ...statuses];
      before = earlier.at(-1);
      const unusual = statuses.map((row, index) => unusualStep(row, earlier[index]));
      const begun = await otherBeginnings(
        pool,
        at,
        statuses.filter((_, index) => unusual[index]?.isFirst),
      );
      return statuses.map((row, index) => {
        const step = unusual[index];
        return step && !(step.isFirst && begun.has(row.policy))
          ? { ...shownRow(row), kind: TRANSITION, detail: step.detail }
          : undefined;
      });
    },
  );
};

interface UnusualStep {
  readonly detail: string;
  /** No other status is settled before it. */
  readonly isFirst: boolean;
}

function unusualStep({ policy, value }: PolicyStatus, earlier: PolicyStatus | undefined): UnusualStep | undefined {
  const before = earlier?.policy === policy ? earlier.value : undefined;
  const detail = unusualTransition(before, value);
  return detail === undefined ? undefined : { detail, isFirst: before === undefined };
}

const STATUS_BEFORE = `SELECT b.policy, b.value #>> '{}' AS value FROM read.boxes b WHERE b.policy = $3 AND b.field = 'status' AND b.valid_from < $4
  AND ${standsAt('b', '$1', '$2')} ORDER BY b.valid_from DESC LIMIT 1`;

async function statusBefore(
  pool: Pool,
  at: ResolvedCoordinate,
  { policy, valid_from }: StatusRow,
): Promise<PolicyStatus | undefined> {
  const { rows } = await pool.query<PolicyStatus>({
    name: 'status-before',
    text: STATUS_BEFORE,
    values: [at.recorded, storedInstant(at.knownAt), policy, valid_from],
  });
  return rows[0];
}

const TYPES_OF_STATUS = [...eventTypes.values()]
  .filter(({ defaultStatus }) => defaultStatus !== null)
  .map(({ name }) => name);

/** True of a row of the timeline whose event sets a status: its own, or that of its type. */
const setsStatus = (row: string): string =>
  `(${row}.body ->> 'status' IS NOT NULL OR (${row}.body -> 'status' IS NULL AND ${row}.type IN ('${TYPES_OF_STATUS.join("', '")}')))`;

const OTHER_BEGINNINGS = `SELECT i.policy FROM unnest($3::integer[], $4::text[], $5::bigint[]) i(policy, event, valid_from)
  WHERE EXISTS (SELECT FROM read.unsure u WHERE u.policy = i.policy AND u.field = 'status' AND u.event <> i.event
      AND u.unsure_from < i.valid_from AND ${standsAt('u', '$1', '$2')})
    OR EXISTS (SELECT FROM read.timeline o JOIN read.timeline e ON e.policy = o.policy AND e.event = i.event AND ${standsAt('e', '$1', '$2')}
      WHERE o.policy = i.policy AND o.counts AND o.occurred_order < e.occurred_order AND ${setsStatus('o')} AND ${standsAt('o', '$1', '$2')})`;

/** The policies of these first statuses before which another event may have set one, though none is settled, or lasted. */
async function otherBeginnings(
  pool: Pool,
  at: ResolvedCoordinate,
  first: readonly StatusRow[],
): Promise<ReadonlySet<number>> {
  if (first.length === 0) return new Set();
  const { rows } = await pool.query<{ readonly policy: number }>({
    name: 'other-beginnings',
    text: OTHER_BEGINNINGS,
    values: [
      at.recorded,
      storedInstant(at.knownAt),
      first.map(({ policy }) => policy),
      first.map(({ event }) => event),
      first.map(({ valid_from }) => valid_from),
    ],
  });
  return new Set(rows.map(({ policy }) => policy));
}
