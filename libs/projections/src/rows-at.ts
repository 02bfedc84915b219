import type { Pool } from 'pg';
import { formatInstant, instant } from '#domain';
import type { Page, Paged, ResolvedCoordinate } from './answers.js';
import { isOfPolicy, standsAt, storedInstant } from './table.js';

/** What every row about an event tells, as answers show it. */
export interface ShownEventRow {
  readonly policy: string;
  readonly event: string;
  readonly knownFrom: string;
  readonly position: number;
}

interface StoredEventRow {
  readonly policy_slug: string;
  readonly event: string;
  readonly public_from: number;
  readonly position: number;
}

/** A row that was read: what every row tells, then the columns of its own. */
export type ReadRow<Own> = StoredEventRow & { readonly occurred_order: string } & Own;

/** Which rows of which table. */
interface Wanted {
  readonly table: string;
  /** Select list of the table's own columns, as `t`. */
  readonly own: string;
  /** Slug of the policy; all when undefined. */
  readonly policy?: string | undefined;
  /** Texts that columns of the table must equal; undefined ones do not filter. */
  readonly equal?: Readonly<Record<string, string | undefined>>;
}

/** Reads the rows of a table that stand at a coordinate, in order of occurrence. */
export async function rowsAt<Own extends object>(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  { table, own, policy, equal = {} }: Wanted,
): Promise<readonly ReadRow<Own>[]> {
  const values: unknown[] = [recorded, storedInstant(knownAt)];
  const filters = Object.entries(equal).filter(([, text]) => text !== undefined);
  const conditions = [
    standsAt('t', '$1', '$2'),
    ...filters.map(([column, text]) => `t.${column} = $${values.push(text)}`),
    ...(policy === undefined ? [] : [isOfPolicy('t', `$${values.push(policy)}`)]),
  ];
  const { rows } = await pool.query<ReadRow<Own>>({
    name: ['rows-of', table, ...filters.map(([column]) => column), ...(policy === undefined ? [] : ['policy'])].join(
      '-',
    ),
    text: `SELECT p.slug AS policy_slug, t.event, t.position::float8 AS position, t.public_from::float8 AS public_from, t.occurred_order, ${own}
      FROM read.${table} t JOIN LATERAL (SELECT slug FROM read.policies p WHERE p.policy = t.policy LIMIT 1) p ON true
      WHERE ${conditions.join(' AND ')} ORDER BY t.occurred_order, t.part`,
    values,
  });
  return rows;
}

/** What every row tells, for an answer. */
export const shownRow = ({ policy_slug, event, public_from, position }: StoredEventRow): ShownEventRow => ({
  policy: policy_slug,
  event,
  knownFrom: formatInstant(instant(public_from)),
  position,
});

/** True when a filter names nothing, or this. */
export const matches = (filter: string | undefined, value: string): boolean => filter === undefined || filter === value;

/** A page of a list that stays the same at its coordinate: its mark is the place where the next begins. */
export function pageOf<Item>(items: readonly Item[], { limit, after }: Page): Paged<Item> {
  const start = after === undefined ? 0 : Number(after);
  const end = start + limit;
  return { items: items.slice(start, end), ...(end < items.length ? { after: String(end) } : {}) };
}

/** Groups values by a text. */
export function grouped<Value>(
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
