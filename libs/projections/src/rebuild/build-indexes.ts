import { availableParallelism } from 'node:os';
import type { Pool } from 'pg';
import { inTransaction } from '#postgres';
import { mapConcurrently } from './map-concurrently.js';
import { giveTime } from './read-schema.js';
import { type Table, indexesOf } from '../rows/table.js';

/** The indexes of so many tables are made at a time, one after the other in each. */
const CONCURRENCY = 2;

/** PostgreSQL's own workers on an index, for cores that are left: on two they would only be in each other's way. */
const WORKERS = Math.max(0, Math.floor(availableParallelism() / CONCURRENCY) - 1);

interface Building {
  readonly tables: readonly Table[];
  readonly schema: string;
  readonly signal: AbortSignal;
}

/** Makes the indexes that full tables have not, two tables at a time, and informs the planner. May be begun again. */
export async function buildIndexes(pool: Pool, { tables, schema, signal }: Building): Promise<void> {
  const present = await presentIndexes(pool, schema);
  const make = (statement: string): Promise<void> => {
    signal.throwIfAborted();
    return inTransaction(pool, async (client) => {
      await giveTime(client);
      await client.query(`SET LOCAL max_parallel_maintenance_workers = ${WORKERS}`);
      await client.query(statement);
    });
  };
  // Those that take longest first, so that none of them is left for the end.
  const longestFirst = tables.toSorted((one, other) => other.indexes.length - one.indexes.length);
  await mapConcurrently(longestFirst, CONCURRENCY, async (table) => {
    const missing = indexesOf(table, schema).filter(({ name }) => !present.has(name));
    for (const { statement } of missing) await make(statement);
    await make(`ANALYZE ${schema}.${table.name}`);
  });
}

async function presentIndexes(pool: Pool, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT indexname AS name FROM pg_indexes WHERE schemaname = $1',
    [schema],
  );
  return new Set(rows.map(({ name }) => name));
}
