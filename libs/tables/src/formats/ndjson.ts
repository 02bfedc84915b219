import type { TableCell, Column, TableRow } from '../cells/table.js';

/** A row as an object with a field for each column. */
export const rowObject = (columns: readonly Column[], row: TableRow): Readonly<Record<string, TableCell>> =>
  Object.fromEntries(columns.map(({ name }, place) => [name, row[place] ?? null]));

/** Rows as NDJSON: an object a line, with a field for each column. */
export function ndjsonRows(columns: readonly Column[], rows: readonly TableRow[]): string {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  return rows
    .map((row) => `{${names.map((name, place) => `${name}${JSON.stringify(row[place] ?? null)}`).join(',')}}\n`)
    .join('');
}
