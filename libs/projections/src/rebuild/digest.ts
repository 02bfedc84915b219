import type { PoolClient } from 'pg';
import type { Position } from '#domain';
import { type Table, WITHOUT_END, columnsOf } from '../table.js';

/** What a table holds as of a position: how many rows, and a sum over them that their order does not change. */
export interface TableDigest {
  readonly rows: number;
  readonly digest: string;
}

/** How one table of a schema compares with the same of another, as of one position. */
export interface TableComparison {
  readonly table: string;
  readonly isEqual: boolean;
  readonly one: TableDigest;
  readonly other: TableDigest;
  /** Some of the rows that only one of them has, as text; empty when they are equal. */
  readonly examples: readonly { readonly only: 'one' | 'other'; readonly row: string }[];
}

const EXAMPLES = 5;

interface Compared {
  readonly one: string;
  readonly other: string;
  readonly at: Position;
}

/** Compares tables of two schemas as of a position that both have reached. */
export async function compareTables(
  client: PoolClient,
  tables: readonly Table[],
  { one, other, at }: Compared,
): Promise<readonly TableComparison[]> {
  const comparisons: TableComparison[] = [];
  for (const table of tables) {
    const digests = [await digestOf(client, rowsOf(table, one), at), await digestOf(client, rowsOf(table, other), at)];
    const [first = NO_ROWS, second = NO_ROWS] = digests;
    const isEqual = first.rows === second.rows && first.digest === second.digest;
    const examples = isEqual
      ? []
      : [
          ...(await onlyIn(client, table, { one, other, at })).map((row) => ({ only: 'one' as const, row })),
          ...(await onlyIn(client, table, { one: other, other: one, at })).map((row) => ({
            only: 'other' as const,
            row,
          })),
        ];
    comparisons.push({ table: table.name, isEqual, one: first, other: second, examples });
  }
  return comparisons;
}

const NO_ROWS: TableDigest = { rows: 0, digest: '0' };

async function digestOf(client: PoolClient, rows: string, at: Position): Promise<TableDigest> {
  const found = await client.query<TableDigest>(
    `SELECT count(*)::float8 AS rows, coalesce(sum(hashtextextended(r::text, 0)::numeric), 0)::text AS digest FROM (${rows}) r`,
    [at],
  );
  return found.rows[0] ?? NO_ROWS;
}

async function onlyIn(client: PoolClient, table: Table, { one, other, at }: Compared): Promise<readonly string[]> {
  const { rows } = await client.query<{ row: string }>(
    `SELECT r::text AS row FROM (${rowsOf(table, one)}) r EXCEPT SELECT r::text FROM (${rowsOf(table, other)}) r ORDER BY 1 LIMIT ${EXAMPLES}`,
    [at],
  );
  return rows.map(({ row }) => row);
}

/** The rows of a table as they were at a position, given as a parameter. */
const rowsOf = (table: Table, schema: string): string =>
  `SELECT ${columnsOf(table)
    .map(([name]) =>
      name === 'recorded_to'
        ? `CASE WHEN recorded_to > $1 THEN ${WITHOUT_END} ELSE recorded_to END AS recorded_to`
        : name,
    )
    .join(', ')} FROM ${schema}.${table.name} WHERE recorded_from <= $1`;
