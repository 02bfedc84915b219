import type { Pool } from 'pg';
import { z } from 'zod';
import { formatInstant, instant } from '#domain';
import { instantText } from './answer-parts.js';
import type { ResolvedCoordinate } from './answers.js';
import { type Bind, type OrderColumn, type Steps, beyond, markOf, orderBy, placeOf, placeBy } from './steps.js';
import { isAsked, isOfPolicy, standsAt, storedInstant } from './table.js';

/** What every row about an event tells, as answers show it. */
export const eventRow = z.object({
  policy: z.string().meta({ description: 'Slug of the policy.' }),
  event: z.string().meta({ description: 'Key of the event.' }),
  knownFrom: instantText.meta({ description: 'The first instant at which the event could be known.' }),
  position: z.int().meta({ description: 'Position of the event in the log.' }),
});

type ShownEventRow = Readonly<z.output<typeof eventRow>>;

interface StoredEventRow {
  readonly policy_slug: string;
  readonly event: string;
  readonly public_from: number;
  readonly position: number;
}

/** A row that was read: what every row tells, then the columns of its own. */
export type ReadRow<Own> = StoredEventRow & { readonly policy: number; readonly occurred_order: string } & Own;

/** SQL for what every row tells, of an alias for a row that has the columns of an event. */
export const rowFields = (
  row: string,
): string => `(SELECT p.slug FROM read.policies p WHERE p.policy = ${row}.policy LIMIT 1) AS policy_slug,
  ${row}.policy, ${row}.event, ${row}.position::float8 AS position, ${row}.public_from::float8 AS public_from, ${row}.occurred_order`;

/** The order of occurrence, of rows that have the columns of an event; each index for it ends with these. */
export const OCCURRENCE = [
  ['occurred_order', 'text'],
  ['part', 'integer'],
  ['id', 'integer'],
] as const satisfies readonly OrderColumn[];

/** Column lists of the indexes by which rows are read in order of occurrence: all, those of a policy, those with other columns. */
export const occurrenceIndexes = (...columns: readonly string[]): readonly string[] =>
  ['', 'policy, ', ...columns.map((column) => `${column}, `)].map(
    (first) => `(${first}${OCCURRENCE.map(([name]) => name).join(', ')})`,
  );

/** Which rows of which table. */
interface Wanted {
  readonly table: string;
  /** Select list of the table's own columns, as `t`. */
  readonly own: string;
  /** Slug of the policy; all when undefined. */
  readonly policy?: string | undefined;
  /** Names of which columns must have one by which the rows are indexed, too, as {@link isAsked} reads them; undefined ones do not filter. */
  readonly equal?: Readonly<Record<string, string | undefined>>;
  /** What else must hold of a row `t`; rows that it rules out are looked at. */
  readonly also?: (bind: Bind) => readonly string[];
}

/** The rows of a table that stand at a coordinate, in order of occurrence, step by step. */
export const rowSteps = <Own extends object>(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  { table, own, policy, equal = {}, also = () => [] }: Wanted,
): Steps<ReadRow<Own>> =>
  tableSteps<ReadRow<Own>>(pool, {
    table,
    order: OCCURRENCE,
    select: `${rowFields('t')}, ${own}`,
    within: (bind) => [
      ...(policy === undefined ? [] : [isOfPolicy('t', policy, bind)]),
      ...Object.entries(equal).flatMap(([column, text]) =>
        text === undefined ? [] : [isAsked(`t.${column}`, text, bind)],
      ),
    ],
    shown: (bind) => [standsAt('t', bind(recorded), bind(storedInstant(knownAt))), ...also(bind)],
  });

/** Rows of a table that name an event, whose other columns are those of its row in the timeline, `e`. */
interface WantedWithEvents {
  readonly table: string;
  /** An order that an index of the table has. */
  readonly order: readonly OrderColumn[];
  readonly own: string;
  readonly policy?: string | undefined;
  /** What holds of all rows `t` of that index. */
  readonly where?: string;
  readonly also?: (bind: Bind) => readonly string[];
}

/** Rows that stand at a coordinate with what every row tells of their event, in an order of their own, step by step. */
export const rowStepsWithEvents = <Own extends object>(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  { table, order, own, policy, where, also = () => [] }: WantedWithEvents,
): Steps<ReadRow<Own>> =>
  tableSteps<ReadRow<Own>>(pool, {
    table,
    order,
    select: `${rowFields('e')}, ${own}`,
    within: (bind) => [
      ...(policy === undefined ? [] : [isOfPolicy('t', policy, bind)]),
      ...(where === undefined ? [] : [where]),
    ],
    join: (bind) => {
      const [at, known] = [bind(recorded), bind(storedInstant(knownAt))];
      return `LEFT JOIN LATERAL (SELECT * FROM read.timeline n WHERE n.policy = t.policy AND n.event = t.event
        AND ${standsAt('n', at, known)} AND ${standsAt('t', at, known)} LIMIT 1) e ON true`;
    },
    shown: (bind) => ['e.event IS NOT NULL', ...also(bind)],
  });

/** Rows `t` of a table in the order of an index. */
interface Ordered {
  readonly table: string;
  readonly order: readonly OrderColumn[];
  readonly select: string;
  /** Conditions that the index answers. */
  readonly within: (bind: Bind) => readonly string[];
  readonly join?: (bind: Bind) => string;
  /** Conditions for being found; rows that do not meet them are looked at. */
  readonly shown: (bind: Bind) => readonly string[];
}

/**
 * Reads a table step by step. A step looks at rows in the order of an index, whether they are asked for or not, so that
 * it has an end whatever the table holds.
 */
export const tableSteps =
  <Row extends object>(pool: Pool, { table, order, select, within, join, shown }: Ordered): Steps<Row> =>
  async ({ after, most }) => {
    const values: unknown[] = [];
    const bind: Bind = (value) => `$${values.push(value)}`;
    const place = placeOf(order, after);
    const conditions = [...within(bind), ...(place === undefined ? [] : [beyond('t', order, { place, bind })])];
    const looked = `SELECT * FROM read.${table} t WHERE ${['true', ...conditions].join(' AND ')} ORDER BY ${orderBy('t', order)} LIMIT ${most}`;
    const { rows } = await pool.query<Row & { readonly is_shown: boolean }>(
      `SELECT ${select}, ${placeBy('t', order)}, ${shown(bind).join(' AND ')} AS is_shown
        FROM (${looked}) t ${join?.(bind) ?? ''} ORDER BY ${orderBy('t', order)}`,
      values,
    );
    const last = rows.length === most ? rows.at(-1) : undefined;
    return {
      found: rows.filter(({ is_shown }) => is_shown).map((row) => ({ thing: row, mark: markOf(order, row) })),
      looked: rows.length,
      ...(last ? { next: markOf(order, last) } : {}),
    };
  };

/** What every row tells, for an answer. */
export const shownRow = ({ policy_slug, event, public_from, position }: StoredEventRow): ShownEventRow => ({
  policy: policy_slug,
  event,
  knownFrom: formatInstant(instant(public_from)),
  position,
});

/** Groups values by a text. */
export function groupRows<Value>(
  values: Iterable<Value>,
  by: (value: Value) => string,
): ReadonlyMap<string, readonly Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = by(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
