import pg from 'pg';
import { carriedTables } from '../../../libs/backup/src/form/carried-tables.js';
import { projections } from '../../../libs/projections/src/read-models/registry.js';
import { type Table, columnsOf } from '../../../libs/projections/src/rows/table.js';

/** What a table holds: how many rows, and a digest over all of them. */
export interface StoredRows {
  readonly table: string;
  readonly rows: number;
  readonly digest: string;
}

/** Beside what a backup carries: what must come out of it. */
const FOLLOWING = ['log.events', 'log.head', 'audit.tiles', 'audit.heads'];

/** The tables of the log that a backup brings along or that follow from it. */
export const logTables: readonly string[] = [...carriedTables.map(({ table }) => table), ...FOLLOWING];

/** Every table of every read model. */
const readTables: readonly Table[] = projections.flatMap((projection) => projection.tables);

/** Works on a database with a connection of its own. */
export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query("SET TimeZone = 'UTC'");
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Every row of the log, and what follows from it. */
export const logRows = (url: string): Promise<readonly StoredRows[]> =>
  withClient(url, async (client) => {
    const all: StoredRows[] = [];
    for (const table of logTables) all.push(await rowsIn(client, table, '*'));
    return all;
  });

/** Every row of every read model. */
export const readModelRows = (url: string): Promise<readonly StoredRows[]> =>
  withClient(url, async (client) => {
    const all: StoredRows[] = [];
    for (const table of readTables) {
      const columns = columnsOf(table).map(([name]) => name);
      all.push(await rowsIn(client, `read.${table.name}`, columns.join(', ')));
    }
    return all;
  });

/** Rows that are not carried belong to the database alone. */
const conditionOf = (table: string): string => carriedTables.find((each) => each.table === table)?.where ?? 'true';

async function rowsIn(client: pg.Client, table: string, columns: string): Promise<StoredRows> {
  const { rows } = await client.query<{ rows: number; digest: string }>(
    `SELECT count(*)::float8 AS rows, coalesce(md5(string_agg(hash, '' ORDER BY hash)), '') AS digest
      FROM (SELECT md5(r::text) COLLATE "C" AS hash FROM (SELECT ${columns} FROM ${table} WHERE ${conditionOf(table)}) r) hashed`,
  );
  const [found = { rows: 0, digest: '' }] = rows;
  return { table, ...found };
}

/** Which tables are otherwise in another database. */
export const differingTables = (before: readonly StoredRows[], after: readonly StoredRows[]): readonly string[] =>
  before.flatMap(({ table, rows, digest }, index) => {
    const other = after[index];
    if (other?.rows === rows && other.digest === digest) return [];
    return [`${table} has ${other?.rows} rows, not as the ${rows} that it is from`];
  });

/** What a database has of a log: a restore that was cut off must leave nothing of it. */
export const remainsOfLog = (url: string): Promise<readonly string[]> =>
  withClient(url, async (client) => {
    const remains: string[] = [];
    for (const table of logTables.filter((name) => name !== 'log.head')) {
      const there = await client.query<{ is: boolean }>('SELECT to_regclass($1) IS NOT NULL AS is', [table]);
      if (there.rows[0]?.is !== true) continue;
      const { rows } = await client.query<{ count: number }>(
        `SELECT count(*)::integer AS count FROM ${table} WHERE ${conditionOf(table)}`,
      );
      const count = rows[0]?.count ?? 0;
      if (count > 0) remains.push(`${table} has ${count} rows`);
    }
    return remains;
  });
