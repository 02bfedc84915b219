import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** As many events a batch as the read models take of news. */
const BATCH = 500;

/** Batches whose rows are in memory at a time. */
const BATCHES_AHEAD = 20;

/** The tables of the read models: those whose rows say from when they stood. */
const TABLES = `SELECT table_name AS name FROM information_schema.columns
  WHERE table_schema = 'read' AND column_name = 'recorded_from' ORDER BY 1`;

const INDEXES = `SELECT indexdef AS statement FROM pg_indexes WHERE schemaname = 'read' AND tablename = ANY ($1) ORDER BY tablename, indexname`;

async function tablesOf(owner: pg.Client): Promise<readonly string[]> {
  const { rows } = await owner.query<{ name: string }>(TABLES);
  return rows.map(({ name }) => name);
}

async function makeTables(owner: pg.Client, including: string): Promise<readonly string[]> {
  const tables = await tablesOf(owner);
  await owner.query('DROP SCHEMA IF EXISTS plain CASCADE; CREATE SCHEMA plain');
  for (const table of tables) await owner.query(`CREATE TABLE plain.${table} (LIKE read.${table} ${including})`);
  return tables;
}

/**
 * Inserts the rows of the read models into tables with the same indexes, one statement a table and one transaction for
 * the rows of a batch of events. Answers the milliseconds of the transactions alone.
 */
export async function insertRows(owner: pg.Client): Promise<number> {
  const tables = await makeTables(owner, 'INCLUDING DEFAULTS INCLUDING INDEXES');
  const batches = await prepareBatches(owner, tables);
  let ms = 0;
  for (let first = 0; first <= batches; first += BATCHES_AHEAD) {
    const prepared = await batchesFrom(owner, first);
    const start = performance.now();
    for (const batch of prepared) await insertBatch(owner, batch);
    ms += performance.now() - start;
  }
  return ms;
}

interface PreparedRows {
  readonly batch: number;
  readonly table: string;
  readonly rows: string;
}

/** Puts every batch's rows into JSON, as the read models send them; answers the number of the last. */
async function prepareBatches(owner: pg.Client, tables: readonly string[]): Promise<number> {
  const each = tables.map(
    (
      table,
    ) => `SELECT (recorded_from - 1) / ${BATCH} AS batch, '${table}' AS "table", json_agg(r ORDER BY policy, id)::text AS rows
      FROM read.${table} r GROUP BY 1`,
  );
  await owner.query(`CREATE TABLE plain.batches AS ${each.join(' UNION ALL ')}`);
  await owner.query('CREATE INDEX ON plain.batches (batch); ANALYZE plain.batches; CHECKPOINT');
  const { rows } = await owner.query<{ last: number }>('SELECT max(batch)::integer AS last FROM plain.batches');
  return rows[0]?.last ?? 0;
}

async function batchesFrom(owner: pg.Client, first: number): Promise<readonly (readonly PreparedRows[])[]> {
  const { rows } = await owner.query<PreparedRows>(
    'SELECT batch::integer AS batch, "table", rows FROM plain.batches WHERE batch >= $1 AND batch < $2 ORDER BY batch, "table"',
    [first, first + BATCHES_AHEAD],
  );
  const numbers = [...new Set(rows.map(({ batch }) => batch))];
  return numbers.map((number) => rows.filter(({ batch }) => batch === number));
}

async function insertBatch(owner: pg.Client, batch: readonly PreparedRows[]): Promise<void> {
  await owner.query('BEGIN');
  for (const { table, rows } of batch)
    await owner.query({
      name: `plain-${table}`,
      text: `INSERT INTO plain.${table} SELECT * FROM json_populate_recordset(null::plain.${table}, $1)`,
      values: [rows],
    });
  await owner.query('COMMIT');
}

/** Writes the rows of the read models to files of a folder, in the text form of COPY. */
export async function writeRows(owner: pg.Client, folder: string): Promise<void> {
  for (const table of await tablesOf(owner))
    await pipeline(owner.query(copyTo(`COPY read.${table} TO STDOUT`)), createWriteStream(join(folder, table)));
}

/** Copies the rows from the files into tables without indexes, then makes the same indexes; answers the milliseconds of both. */
export async function copyRows(owner: pg.Client, folder: string): Promise<{ copyMs: number; indexMs: number }> {
  const tables = await makeTables(owner, 'INCLUDING DEFAULTS');
  const { rows: indexes } = await owner.query<{ statement: string }>(INDEXES, [tables]);
  await owner.query('CHECKPOINT');
  const start = performance.now();
  for (const table of tables)
    await pipeline(createReadStream(join(folder, table)), owner.query(copyFrom(`COPY plain.${table} FROM STDIN`)));
  const copied = performance.now();
  await owner.query("SET maintenance_work_mem = '256MB'");
  for (const { statement } of indexes) await owner.query(statement.replace(' ON read.', ' ON plain.'));
  for (const table of tables) await owner.query(`ANALYZE plain.${table}`);
  return { copyMs: copied - start, indexMs: performance.now() - copied };
}
