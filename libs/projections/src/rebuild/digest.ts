import type { Pool, PoolClient } from 'pg';
import type { Position } from '#domain';
import { inTransaction } from '#postgres';
import { mapConcurrently } from './map-concurrently.js';
import { type Table, WITHOUT_END, columnsOf } from '../rows/table.js';

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

/** So many tables are read at a time. */
const CONCURRENCY = 2;

/**
 * Compares tables of two schemas as of a position that both have reached. Tables may advance meanwhile: what they
 * hold as of a position stays the same.
 */
export async function compareTables(
  pool: Pool,
  tables: readonly Table[],
  compared: Compared,
): Promise<readonly TableComparison[]> {
  const digests = new Map<string, TableDigest>();
  const sides = tables.flatMap((table) => [compared.one, compared.other].map((schema) => ({ table, schema })));
  await mapConcurrently(sides, CONCURRENCY, async ({ table, schema }) => {
    const digest = await inTransaction(pool, (client) => digestOf(client, { table, schema, at: compared.at }));
    digests.set(`${schema}.${table.name}`, digest);
  });
  const comparisons: TableComparison[] = [];
  for (const table of tables) {
    const one = digests.get(`${compared.one}.${table.name}`) ?? NO_ROWS;
    const other = digests.get(`${compared.other}.${table.name}`) ?? NO_ROWS;
    const isEqual = one.rows === other.rows && one.digest === other.digest;
    const examples = isEqual ? [] : await inTransaction(pool, (client) => differing(client, table, compared));
    comparisons.push({ table: table.name, isEqual, one, other, examples });
  }
  return comparisons;
}

async function differing(
  client: PoolClient,
  table: Table,
  { one, other, at }: Compared,
): Promise<TableComparison['examples']> {
  const onlyOne = await onlyIn(client, table, { one, other, at });
  const onlyOther = await onlyIn(client, table, { one: other, other: one, at });
  return [
    ...onlyOne.map((row) => ({ only: 'one' as const, row })),
    ...onlyOther.map((row) => ({ only: 'other' as const, row })),
  ];
}

const NO_ROWS: TableDigest = { rows: 0, digest: '0' };

interface Digested {
  readonly table: Table;
  readonly schema: string;
  readonly at: Position;
}

/** A column that is NULL hashes to 0, and so would a float that is 0 under the seed 0. */
const SEED = 1;

async function digestOf(client: PoolClient, { table, schema, at }: Digested): Promise<TableDigest> {
  await client.query('SET LOCAL statement_timeout = 0');
  // A row's hash is linear in those of its columns, so it is hashed again: else two rows could swap a value unseen.
  const found = await client.query<TableDigest>(
    `SELECT count(*)::float8 AS rows, coalesce(sum(hashtextextended(hash_record_extended(r, ${SEED})::text, 0)), 0)::text AS digest
      FROM (SELECT ${columnsOf(table).map(hashedColumn).join(', ')} FROM (${rowsOf(table, schema)}) stood) r`,
    [at],
  );
  return found.rows[0] ?? NO_ROWS;
}

/**
 * A column as it goes into the hash of its row. Hashing the row as text would do for all, and takes twice as long:
 * so only those become text that have no hash, or one which is alike for values that read differently. A bigint has a
 * hash of 32 bits; as a float it has one of 64, and none in use is too large to be one exactly.
 */
function hashedColumn([name, type]: ReturnType<typeof columnsOf>[number]): string {
  if (type.startsWith('bigint')) return `${name}::float8`;
  return /^json|\[\]/.test(type) ? `${name}::text` : name;
}

async function onlyIn(client: PoolClient, table: Table, { one, other, at }: Compared): Promise<readonly string[]> {
  await client.query('SET LOCAL statement_timeout = 0');
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
