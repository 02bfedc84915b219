import { stringify } from 'csv-stringify/sync';
import type { TableCell, Column, TableRow } from '../cells/table.js';

/** How a table is written as CSV. */
export interface CsvOptions {
  /** Begin with a byte order mark, by which Excel knows UTF-8. */
  readonly withMark: boolean;
  /** Keep texts that Excel would take for formulas as texts, by an apostrophe before them. */
  readonly forExcel: boolean;
}

/** What needs quotes besides what has quotes or commas in it: `null` is written without them. */
const EMPTY_OR_LINES = /^$|[\r\n]/;

const BYTE_ORDER_MARK = '\uFEFF';

/** The first row of CSV: the names of the columns. */
export const csvHeader = (columns: readonly Column[], { withMark }: Pick<CsvOptions, 'withMark'>): string =>
  `${withMark ? BYTE_ORDER_MARK : ''}${columns.map(({ name }) => name).join(',')}\r\n`;

/**
 * Rows as CSV (RFC 4180): lists and objects as JSON, instants and days as they are.
 *
 * `null` is an empty field, an empty text is `""`.
 */
export const csvRows = (
  columns: readonly Column[],
  rows: readonly TableRow[],
  { forExcel }: Pick<CsvOptions, 'forExcel'>,
) => {
  const isJson = columns.map(({ type }) => type === 'json' || type === 'texts');
  return stringify(
    rows.map((row) => row.map((cell, place) => fieldOf(cell, isJson[place] === true))),
    { record_delimiter: 'windows', quoted_match: EMPTY_OR_LINES, escape_formulas: forExcel },
  );
};

function fieldOf(cell: TableCell, isJson: boolean): string | number | null {
  if (cell === null) return null;
  if (isJson) return JSON.stringify(cell);
  return typeof cell === 'string' || typeof cell === 'number' ? cell : JSON.stringify(cell);
}
