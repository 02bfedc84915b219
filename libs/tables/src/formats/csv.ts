import type { Column, TableCell, TableRow } from '../cells/table.js';

/** How a table is written as CSV. */
export interface CsvOptions {
  /** Begin with a byte order mark, by which Excel knows UTF-8. */
  readonly withMark: boolean;
  /** Keep texts that Excel would take for formulas as texts, by an apostrophe before them. */
  readonly forExcel: boolean;
}

const BYTE_ORDER_MARK = '\uFEFF';

/** The first row of CSV: the names of the columns. */
export const csvHeader = (columns: readonly Column[], { withMark }: Pick<CsvOptions, 'withMark'>): string =>
  `${withMark ? BYTE_ORDER_MARK : ''}${columns.map(({ name }) => name).join(',')}\r\n`;

/**
 * Rows as CSV (RFC 4180): lists and objects as JSON, instants and days as they are.
 *
 * `null` is an empty field, an empty text is `""`. A library took several times as long for the same text; the test
 * compares with it.
 */
export function csvRows(
  columns: readonly Column[],
  rows: readonly TableRow[],
  { forExcel }: Pick<CsvOptions, 'forExcel'>,
): string {
  const fields = columns.map(({ type }) => (type === 'json' || type === 'texts' ? jsonField : plainField));
  let text = '';
  for (const row of rows) {
    for (const [place, field] of fields.entries())
      text += `${place === 0 ? '' : ','}${field(row[place] ?? null, forExcel)}`;
    text += '\r\n';
  }
  return text;
}

type FieldOf = (cell: TableCell, forExcel: boolean) => string;

const jsonField: FieldOf = (cell, forExcel) => (cell === null ? '' : textField(JSON.stringify(cell), forExcel));

const plainField: FieldOf = (cell, forExcel) => {
  if (cell === null) return '';
  return typeof cell === 'string' ? textField(cell, forExcel) : JSON.stringify(cell);
};

/** What Excel takes for the beginning of a formula, in its full width forms and after what it skips, too. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

const NEEDS_QUOTES = /[",\r\n]|^$/;

function textField(text: string, forExcel: boolean): string {
  const safe = forExcel && FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
