import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Turns } from '#runtime/turns';
import { RowSheet } from './row-sheet.js';
import { type Table, type TableChange, columnsOf } from './table.js';

/** Rows of one table, as lines for COPY in UTF-8, one part after the other; no part when there are none. */
export interface TableText {
  readonly table: Table;
  readonly parts: readonly Uint8Array[];
}

/** What a batch writes to one table: the rows that begin, and what ends. */
export interface TableWrite extends TableText {
  readonly closes: TableChange['closes'];
}

/** So many rows become text before others may have a turn. */
const ROWS_AT_ONCE = 500;

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

/** The statement that ends rows of a table; `ends` is where in SQL what ends comes from, called `c`. */
export const endingBy = ({ name }: Table, schema: string, ends: string): string =>
  `UPDATE ${schema}.${name} t SET recorded_to = c.at FROM ${ends} WHERE t.policy = c.policy AND t.id = c.id`;

/** The names of a table's columns, in order, as SQL lists them. */
export const columnList = (table: Table): string =>
  columnsOf(table)
    .map(([name]) => name)
    .join(', ');
