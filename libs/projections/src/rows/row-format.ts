import { type Row, type Table, storedInstant } from './table.js';

/** How rows become lines of text: a line is the start, the end of the row in as many digits as the widest, the rest. */
export interface RowFormat {
  /** Fills up an end that has fewer digits. */
  readonly fill: ' ' | '0';
  /** Of ASCII characters. */
  start(row: Row): string;
  /** Ends with the only line feed of the line. */
  rest(row: Row, table: Table): string;
}

/** Lines as COPY reads them: fast where rows are many. */
export const COPY_LINES: RowFormat = {
  fill: '0',
  start: ({ policy, id, part, recordedFrom }) => `${policy}\t${id}\t${part}\t${recordedFrom}\t`,
  rest: (row, table) => restOf(row, writersOf(table)),
};

/** Lines of JSON, by the names of columns: one statement can read few rows of many tables. */
export const JSON_LINES: RowFormat = {
  fill: ' ',
  start: ({ policy, id, part, recordedFrom }) =>
    `{"policy":${policy},"id":${id},"part":${part},"recorded_from":${recordedFrom},"recorded_to":`,
  rest: ({ known: { from, to }, columns }) => {
    const rest = JSON.stringify({ known_from: storedInstant(from), known_to: storedInstant(to), ...columns });
    return `,${rest.slice(1)}\n`;
  },
};

interface ColumnWriter {
  readonly name: string;
  readonly write: (value: unknown) => string;
}

const known = new WeakMap<Table, readonly ColumnWriter[]>();

/** How each of the table's own columns is written. */
function writersOf(table: Table): readonly ColumnWriter[] {
  const writers =
    known.get(table) ?? Object.entries(table.columns).map(([name, type]) => ({ name, write: writerOf(type) }));
  known.set(table, writers);
  return writers;
}

/** What follows on a row's end in its line. */
function restOf({ known: { from, to }, columns }: Row, writers: readonly ColumnWriter[]): string {
  let rest = `\t${storedInstant(from)}\t${storedInstant(to)}`;
  for (const { name, write } of writers) {
    const value = columns[name];
    rest += value === null || value === undefined ? '\t\\N' : `\t${write(value)}`;
  }
  return `${rest}\n`;
}

function writerOf(type: string): ColumnWriter['write'] {
  if (/^jsonb?\b/.test(type)) return (value) => withBackslashes(JSON.stringify(value));
  if (type.includes('[]')) return (value) => escaped(arrayText(value));
  return type.startsWith('text') ? (value) => escaped(String(value)) : String;
}

/** JSON has nothing else to escape: what else COPY would take amiss, JSON has escaped itself. */
const withBackslashes = (json: string): string => (json.includes('\\') ? json.replaceAll('\\', '\\\\') : json);

/** A text array as PostgreSQL writes it; every member in quotes, so none needs to be looked at. */
const arrayText = (value: unknown): string =>
  Array.isArray(value)
    ? `{${value.map((member) => `"${String(member).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
    : String(value);

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

// Most fields have nothing to escape, and looking is faster than replacing.
const escaped = (text: string): string =>
  /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : text;
