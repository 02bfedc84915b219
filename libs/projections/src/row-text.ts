import { type Row, type Table, storedInstant } from './table.js';

/** A row with the position at which it ends. */
export interface EndedRow {
  readonly row: Row;
  readonly recordedTo: number;
}

/** Puts rows into the text format of COPY, a line each, in the order of the table's columns; empty when there are none. */
export function rowText(table: Table, rows: readonly EndedRow[]): string {
  const writers = writersOf(table);
  let text = '';
  for (const row of rows) text += lineOf(row, writers);
  return text;
}

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

function lineOf({ row, recordedTo }: EndedRow, writers: readonly ColumnWriter[]): string {
  const {
    policy,
    id,
    part,
    recordedFrom,
    known: { from, to },
    columns,
  } = row;
  let line = `${policy}\t${id}\t${part}\t${recordedFrom}\t${recordedTo}\t${storedInstant(from)}\t${storedInstant(to)}`;
  for (const { name, write } of writers) {
    const value = columns[name];
    line += value === null || value === undefined ? '\t\\N' : `\t${write(value)}`;
  }
  return `${line}\n`;
}

function writerOf(type: string): ColumnWriter['write'] {
  if (/^jsonb?\b/.test(type)) return (value) => escaped(JSON.stringify(value));
  if (type.includes('[]')) return (value) => escaped(arrayText(value));
  return type.startsWith('text') ? (value) => escaped(String(value)) : String;
}

/** A text array as PostgreSQL writes it; every member in quotes, so none needs to be looked at. */
const arrayText = (value: unknown): string =>
  Array.isArray(value)
    ? `{${value.map((member) => `"${String(member).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
    : String(value);

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

// Most fields have nothing to escape, and looking is faster than replacing.
const escaped = (text: string): string =>
  /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : text;
