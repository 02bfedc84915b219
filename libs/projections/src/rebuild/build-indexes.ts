import type { Pool } from 'pg';
import { inLanes } from '../in-lanes.js';
import { giveTime } from '../runner/read-schema.js';
import { type Table, indexesOf } from '../table.js';
import { inTransaction } from '../transaction.js';

/** So many indexes are made at a time, of one table or of several; PostgreSQL takes one core or more for each. */
const LANES = 2;

interface Building {
  readonly tables: readonly Table[];
  readonly schema: string;
  readonly signal: AbortSignal;
}

/** Makes the indexes that full tables have not, several at a time, and informs the planner. May be begun again. */
export async function buildIndexes(pool: Pool, { tables, schema, signal }: Building): Promise<void> {
  const present = await presentIndexes(pool, schema);
  const missing = tables.map((table) => indexesOf(table, schema).filter(({ name }) => !present.has(name)));
  const make = ({ statement }: { readonly statement: string }): Promise<void> => {
    signal.throwIfAborted();
    return inTransaction(pool, async (client) => {
      await giveTime(client);
      await client.query(statement);
    });
  };
  // A primary key locks its table against the making of other indexes: so these come first, one a table.
  const [keys, others] = [missing.flatMap((of) => of.filter(isKey)), missing.flatMap((of) => of.filter(isOther))];
  await inLanes(keys, LANES, make);
  await inLanes(others, LANES, make);
  await inLanes(tables, LANES, ({ name }) => make({ statement: `ANALYZE ${schema}.${name}` }));
}

const isKey = ({ statement }: { readonly statement: string }): boolean => statement.includes('PRIMARY KEY');
const isOther = (index: { readonly statement: string }): boolean => !isKey(index);

async function presentIndexes(pool: Pool, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT indexname AS name FROM pg_indexes WHERE schemaname = $1',
    [schema],
  );
  return new Set(rows.map(({ name }) => name));
}
