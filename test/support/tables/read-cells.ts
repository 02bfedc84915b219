import { parquetReadObjects } from 'hyparquet';
import type { TidyTable } from '#tables';

/** Readers of the forms in which tables are exported. Each gives rows of cells as JSON has them, in the order of the columns. */

type Cells = readonly unknown[];

/** Reads CSV (RFC 4180): a quoted empty field is an empty text, one without quotes is none. */
export function readCsv(text: string): readonly (readonly (string | null)[])[] {
  const rows: (string | null)[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

/** The rows of a table in CSV, without its header. */
export const cellsOfCsv = (text: string, { columns }: TidyTable): readonly Cells[] =>
  readCsv(text)
    .slice(1)
    .map((row) => row.map((cell, place) => fromCsv(cell, columns[place]?.type ?? 'text')));

const fromCsv = (cell: string | null, type: string): unknown =>
  cell === null || ['text', 'instant', 'day'].includes(type) ? cell : JSON.parse(cell);

/** The rows of a table in NDJSON. */
export const cellsOfLines = (text: string, { columns }: TidyTable): readonly Cells[] =>
  text.split('\n').flatMap((line) => {
    if (line === '') return [];
    const row: Readonly<Record<string, unknown>> = JSON.parse(line);
    return [columns.map(({ name }) => row[name])];
  });

/** The rows of a table in Parquet. */
export async function cellsOfParquet(file: ArrayBuffer, { columns }: TidyTable): Promise<readonly Cells[]> {
  const rows = await parquetReadObjects({ file });
  return rows.map((row) => columns.map(({ name, type }) => fromParquet(row[name], type)));
}

function fromParquet(value: unknown, type: string): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return type === 'day' ? value.toISOString().slice(0, 10) : value.toISOString();
  return value ?? null;
}

/** A cell that a view answered as a part of JSON: an open end is none. */
export const fromSql = (value: unknown, type: string): unknown =>
  type !== 'instant' || typeof value !== 'string'
    ? value
    : value.endsWith('infinity')
      ? null
      : new Date(value).toISOString();
