import type { ListPage, ListRow } from '../service/pages.js';
import { cellAt, alignColumns, showValue, widthsOf } from './cells.js';
import { type TableForm, csvLines, csvNames, formOf, ndjsonLines } from './form.js';
import type { AnswerOutput } from './formats.js';

/** A list to be written: pages of rows, in whatever format. */
export interface RowsView {
  /** At least one page. */
  readonly pages: AsyncIterable<ListPage>;
  /** The columns of `--csv` and `--ndjson`; asked for only then. */
  readonly form: () => Promise<TableForm>;
  /** The text of a page. */
  readonly lines: TextOf;
  /** What is told about a list without rows. */
  readonly empty: string;
  /** What `--json` says after the rows. */
  readonly closing?: () => ListRow;
}

/** Writes the rows of one page for people; `isFirst` where a heading belongs. */
export type TextOf = (rows: readonly ListRow[], paint: AnswerOutput['paint'], isFirst: boolean) => readonly string[];

/** Writes a list as its pages come; answers how many rows there were. */
export async function renderRows(
  { pages, form, lines, empty, closing = () => ({}) }: RowsView,
  output: AnswerOutput,
): Promise<number> {
  const { sink, format, paint, tell, tellPermalink } = output;
  const columns = format === 'csv' || format === 'ndjson' ? await form() : formOf([]);
  let count = 0;
  let isFirst = true;
  for await (const { frame, rows } of pages) {
    if (isFirst) tellPermalink(frame);
    if (isFirst) await sink.write(beginning(format, frame, columns));
    await sink.write(textOfPage());
    count += rows.length;
    isFirst = false;

    function textOfPage(): string {
      switch (format) {
        case 'json':
          return rows.map((row, index) => `${count + index === 0 ? '\n' : ',\n'}${JSON.stringify(row)}`).join('');
        case 'ndjson':
          return ndjsonLines(columns, rows);
        case 'csv':
          return csvLines(columns, rows);
        case 'text':
          return rows.length === 0 ? '' : `${lines(rows, paint, isFirst).join('\n')}\n`;
      }
    }
  }
  if (format === 'json') await sink.write(`${count === 0 ? '' : '\n'}]${membersOf(closing())}}\n`);
  if (count === 0) tell(empty);
  return count;
}

function beginning(format: AnswerOutput['format'], frame: ListRow, columns: TableForm): string {
  if (format === 'csv') return csvNames(columns);
  if (format !== 'json') return '';
  const members = membersOf(frame).slice(1);
  return `{${members === '' ? '' : `${members},`}"items":[`;
}

/** The members of an object, each after a comma. */
const membersOf = (object: ListRow): string =>
  Object.entries(object)
    .map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`)
    .join('');

/** A column of a table: its name, and where its cells come from if that is elsewhere. */
export interface TextColumn {
  readonly name: string;
  readonly show?: (row: ListRow) => string;
}

/** The text of a table with a heading: columns of which the last may be long. */
export function tableText(columns: readonly (string | TextColumn)[]): TextOf {
  const shown = columns.map((column) => (typeof column === 'string' ? { name: column } : column));
  let widths: readonly number[] = [];
  return (rows, paint, isFirst) => {
    const heading = shown.map(({ name }) => name);
    const cells = rows.map((row) => shown.map(({ name, show }) => (show ? show(row) : showValue(cellAt(row, name)))));
    if (isFirst) widths = widthsOf([heading, ...cells]);
    const body = alignColumns(cells, widths);
    return isFirst ? [...alignColumns([heading], widths).map((line) => paint('dim', line)), ...body] : body;
  };
}
