import type { Pool } from 'pg';
import type { Bind, OrderColumn } from '../../rows/steps.js';
import { isOfPolicy } from '../../rows/table.js';

/** The order of a list that is read policy by policy: in the order of registration, then of occurrence. */
export const POLICY_BY_POLICY = [
  ['policy', 'integer'],
  ['occurred_order', 'text'],
  ['id', 'integer'],
  ['part', 'integer'],
] as const satisfies readonly OrderColumn[];

/** Column lists of the indexes that a table needs for it. */
export const CHUNK_INDEXES = [`(${POLICY_BY_POLICY.map(([name]) => name).join(', ')})`];

/** Whole policies, by the rows that they have in some tables. */
interface WantedChunk {
  readonly tables: readonly string[];
  /** Slugs of policies, separated by commas; all when undefined. */
  readonly slugs?: string | undefined;
  /** The first policy that may be read, by its number. */
  readonly from: number;
  /** About so many rows. */
  readonly most: number;
}

/**
 * The number of the policy at which the next chunk begins, if one has the rows of as many whole policies as come to about
 * so many, and of one at least; undefined where there are no more. Rows of any time count, and no more are looked at.
 */
export async function endOfChunk(pool: Pool, { tables, slugs, from, most }: WantedChunk): Promise<number | undefined> {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const [begin, limit] = [bind(from), `${bind(most + 1)}::integer`];
  const policiesOf = (table: string): string =>
    `(SELECT t.policy FROM read.${table} t WHERE t.policy >= ${begin}
      ${slugs === undefined ? '' : `AND ${isOfPolicy('t', slugs, bind)}`} ORDER BY t.policy LIMIT ${limit})`;
  const { rows } = await pool.query<{ readonly first: number | null; readonly last: number | null }>(
    `SELECT min(policy) AS first, CASE WHEN count(*) = ${limit} THEN max(policy) END AS last
      FROM (SELECT policy FROM (${tables.map(policiesOf).join(' UNION ALL ')}) r ORDER BY policy LIMIT ${limit}) r`,
    values,
  );
  const [chunk] = rows;
  if (!chunk || chunk.last === null) return undefined;
  return chunk.last === chunk.first ? chunk.last + 1 : chunk.last;
}
