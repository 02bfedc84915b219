import type { Json } from '#domain';
import { type Column, type TableRow, type TidyTable, csvHeader, csvRows, daysIn, ndjsonRows, tables } from '#tables';
import { z } from 'zod';
import { EXIT, Failure } from '../exit-code.js';
import type { ListRow } from '../service/pages.js';
import type { Service } from '../service/service.js';
import { cellAt } from './cells.js';

/** The columns of an answer, and how they follow from its rows. */
export interface TableForm {
  readonly columns: readonly Column[];
  readonly rowsOf: (row: ListRow) => readonly TableRow[];
}

const about = z.object({ timeZone: z.string() });

/** The form of a table that every door has, with days in the zone of the service. */
export async function formOfTable(service: Service, name: string): Promise<TableForm> {
  const { timeZone } = await service.ask('/v1/about', about);
  const { columns, rowsOf } = tableNamed(name);
  const dayOf = daysIn(timeZone);
  return { columns, rowsOf: (row) => rowsOf(row, dayOf) };
}

export function tableNamed(name: string): TidyTable {
  const found = tables.find((table) => table.name === name);
  if (found) return found;
  throw new Failure(
    EXIT.usage,
    `There is no table ${name}. There are ${tables.map((table) => table.name).join(', ')}.`,
  );
}

/** The form of rows that are no table of their own: columns by the paths of their names; `value` is JSON. */
export const formOf = (names: readonly string[]): TableForm => ({
  columns: names.map((name) => ({
    name,
    sqlName: name,
    type: name === 'value' ? 'json' : 'text',
    isNullable: true,
    description: '',
  })),
  rowsOf: (row) => [names.map((name) => jsonOf(cellAt(row, name)))],
});

/** A value that was read from JSON. */
export const jsonOf = (value: unknown): Json => (isJson(value) ? value : null);

const isJson = (value: unknown): value is Json => value !== undefined;

/** The row of names with which CSV begins. */
export const csvNames = ({ columns }: TableForm): string => csvHeader(columns, { withMark: false });

/** Rows as CSV, without the names of the columns. */
export const csvLines = ({ columns, rowsOf }: TableForm, rows: readonly ListRow[]): string =>
  csvRows(
    columns,
    rows
      .flatMap(rowsOf)
      .map((row) => row.map((cell, place) => (columns[place]?.type === 'text' ? textOf(cell) : cell))),
    { forExcel: false },
  );

/** A column of texts is never quoted for what else is in it. */
const textOf = (cell: TableRow[number]): TableRow[number] =>
  typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell;

/** Rows as NDJSON. */
export const ndjsonLines = ({ columns, rowsOf }: TableForm, rows: readonly ListRow[]): string =>
  ndjsonRows(columns, rows.flatMap(rowsOf));
