import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Turns } from '#runtime/turns';
import { JSON_LINES } from './row-format.js';
import { RowSheet } from './row-sheet.js';
import { type Table, type TableChange, columnsOf } from './table.js';

/** What changes in one table, in order of position. */
export interface ChangesOfTable {
  readonly table: Table;
  readonly changes: readonly TableChange[];
}

/** Rows of one table, as lines for COPY in UTF-8, one part after the other; no part when there are none. */
export interface TableText {
  readonly table: Table;
  readonly parts: readonly Uint8Array[];
}

/** What a batch writes to one table: the rows that begin, and what ends. */
export interface TableWrite extends TableText {
  readonly closes: TableChange['closes'];
}

/** So many rows become text before others may have a turn: one row can take a tenth of a millisecond. */
const ROWS_AT_ONCE = 20;

/** Sums up what a batch changed in one table. */
export function writeOf(table: Table, changes: readonly TableChange[]): TableWrite {
  const sheet = new RowSheet(table);
  for (const change of changes) sheet.add(change);
  return { table, parts: sheet.parts, closes: sheet.closes };
}

/** As {@link writeOf}, letting others have turns. */
export async function writeInTurns(table: Table, changes: readonly TableChange[], turns: Turns): Promise<TableWrite> {
  const sheet = new RowSheet(table);
  for (const { inserts, closes } of changes) {
    for (let from = 0; from < inserts.length; from += ROWS_AT_ONCE) {
      sheet.add({ inserts: inserts.slice(from, from + ROWS_AT_ONCE), closes: [] });
      if (turns.isOver) await turns.next();
    }
    sheet.add({ inserts: [], closes });
    if (turns.isOver) await turns.next();
  }
  return { table, parts: sheet.parts, closes: sheet.closes };
}

/** Writes to one table of a schema: at most one statement for what begins and one for what ends. */
export async function writeTable(
  client: PoolClient,
  { table, parts, closes }: TableWrite,
  schema: string,
): Promise<void> {
  if (closes.length > 0)
    await client.query({
      name: `close-${schema}.${table.name}`,
      text: closeStatement(table, schema),
      values: [closes.map(({ policy }) => policy), closes.map(({ id }) => id), closes.map(({ at }) => at)],
    });
  await copyText(client, { table, parts }, schema);
}

/** Copies lines into a table of a schema; none is no work. */
export async function copyText(client: PoolClient, { table, parts }: TableText, schema: string): Promise<void> {
  if (parts.length === 0) return;
  const stream = client.query(copyFrom(`COPY ${schema}.${table.name} (${columnList(table)}) FROM STDIN`));
  await pipeline(Readable.from(parts), stream);
}

const closeStatement = (table: Table, schema: string): string =>
  endingBy(table, schema, 'unnest($1::integer[], $2::integer[], $3::bigint[]) AS c(policy, id, at)');

/**
 * The parts of a statement's WITH that write to tables of a schema where a condition holds: so that one statement can
 * write few rows to many tables. It is the same whatever changes, so that it is planned once.
 *
 * Each table takes two parameters, beginning with number `first`: see {@link fewRowsValues}.
 */
export const fewRowsSql = (
  tables: readonly Table[],
  { schema, first, condition }: { readonly schema: string; readonly first: number; readonly condition: string },
): readonly string[] =>
  tables.flatMap((table, index) => {
    const [rows, ends] = [`$${first + 2 * index}`, `$${first + 2 * index + 1}`];
    return [
      `rows_${index} AS (${insertion(table, schema, rows)} WHERE ${condition})`,
      `ends_${index} AS (${ending(table, schema, ends)} AND ${condition})`,
    ];
  });

/** The values for {@link fewRowsSql}: for each table its new rows and what ends, as JSON; null for none. */
export const fewRowsValues = (tables: readonly ChangesOfTable[]): readonly (string | null)[] =>
  tables.flatMap(({ table, changes }) => {
    const sheet = new RowSheet(table, JSON_LINES);
    for (const change of changes) sheet.add(change);
    const lines = Buffer.concat(sheet.parts).toString('utf8').slice(0, -1);
    return [
      lines === '' ? null : `[${lines.replaceAll('\n', ',')}]`,
      sheet.closes.length === 0 ? null : JSON.stringify(sheet.closes),
    ];
  });

function insertion(table: Table, schema: string, rows: string): string {
  const [name, columns] = [`${schema}.${table.name}`, columnList(table)];
  return `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM json_populate_recordset(null::${name}, ${rows}::json)`;
}

const ending = (table: Table, schema: string, ends: string): string =>
  endingBy(table, schema, `json_to_recordset(${ends}::json) AS c(policy integer, id integer, at bigint)`);

/** The statement that ends rows of a table; `ends` is where in SQL what ends comes from, called `c`. */
const endingBy = ({ name }: Table, schema: string, ends: string): string =>
  `UPDATE ${schema}.${name} t SET recorded_to = c.at FROM ${ends} WHERE t.policy = c.policy AND t.id = c.id`;

/** The names of a table's columns, in order, as SQL lists them. */
const columnList = (table: Table): string =>
  columnsOf(table)
    .map(([name]) => name)
    .join(', ');
