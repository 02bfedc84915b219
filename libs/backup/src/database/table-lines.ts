import pg from 'pg';
import type { CarriedTable } from '../form/carried-tables.js';

/** Rows that are fetched, or restored, at once. */
const BATCH = 1_000;

/** The rows of a table to read: those up to a position of the log, where it has positions. */
export interface TableSpan {
  readonly columns: readonly string[];
  readonly after: number;
  readonly upTo: number;
}

/** The names of a table's columns, in their order; none where the database does not have it yet. */
export async function listColumns(client: pg.PoolClient, { table }: CarriedTable): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum',
    [table],
  );
  return rows.map(({ name }) => name);
}

/**
 * The rows of a table as lines of JSON, in its order; in a transaction whose session writes values in one way
 * ({@link writeAlike}). The same rows give the same lines on every server.
 */
export async function* tableLines(
  client: pg.PoolClient,
  carried: CarriedTable,
  span: TableSpan,
): AsyncGenerator<string> {
  if (span.columns.length === 0) return;
  const columns = span.columns.map((name) => `t.${pg.escapeIdentifier(name)}`).join(', ');
  const where = conditionsOf(carried, span).join(' AND ');
  await client.query(
    `DECLARE carried NO SCROLL CURSOR FOR
      SELECT row_to_json((SELECT r FROM (SELECT ${columns}) AS r))::text AS line
      FROM ${carried.table} t WHERE ${where} ORDER BY ${carried.order}`,
  );
  for (let isOver = false; !isOver;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${BATCH} FROM carried`);
    for (const { line } of rows) yield `${line}\n`;
    isOver = rows.length < BATCH;
  }
  await client.query('CLOSE carried');
}

function conditionsOf({ position, parts, where }: CarriedTable, { after, upTo }: TableSpan): readonly string[] {
  const column = parts ?? position;
  return [
    where ?? 'true',
    ...(column === undefined ? [] : [`t.${column} <= ${upTo}`]),
    // The first part has what is at 0, too.
    ...(parts === undefined || after === 0 ? [] : [`t.${parts} > ${after}`]),
  ];
}

/** Lets the session of a transaction write times and numbers in one way, and take as long as it takes. */
export const writeAlike = async (client: pg.PoolClient): Promise<void> => {
  await client.query(
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
  );
};

/** Adds rows to a table from lines of JSON with these columns; what is there already is left as it is. */
export async function restoreLines(
  client: pg.PoolClient,
  { table }: CarriedTable,
  { columns, lines }: { readonly columns: readonly string[]; readonly lines: readonly string[] },
): Promise<void> {
  const names = columns.map((name) => pg.escapeIdentifier(name)).join(', ');
  await client.query(
    `INSERT INTO ${table} (${names})
      SELECT ${columns.map((name) => `r.${pg.escapeIdentifier(name)}`).join(', ')}
      FROM unnest($1::text[]) WITH ORDINALITY AS l(line, place)
      CROSS JOIN LATERAL json_populate_record(NULL::${table}, l.line::json) AS r ORDER BY l.place
      ON CONFLICT DO NOTHING`,
    [lines],
  );
}
