import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type StoredRow, type Table, columnsOf } from '../table.js';

/** Rows of one table, as lines of COPY's text format; empty when there are none. */
export interface CopyText {
  readonly table: Table;
  readonly text: string;
}

/** Puts rows into the text format of COPY. */
export function copyText(table: Table, rows: readonly StoredRow[]): CopyText {
  const columns = columnsOf(table).map(([name, type]) => ({ name, write: writerOf(type) }));
  const line = (row: StoredRow): string =>
    `${columns.map(({ name, write }) => fieldOf(row[name], write)).join('\t')}\n`;
  return { table, text: rows.map(line).join('') };
}

/** Copies rows into a table of a schema. */
export async function copyRows(client: PoolClient, { table, text }: CopyText, schema: string): Promise<void> {
  if (text === '') return;
  const names = columnsOf(table).map(([name]) => name);
  const stream = client.query(copyFrom(`COPY ${schema}.${table.name} (${names.join(', ')}) FROM STDIN`));
  await pipeline(Readable.from([text]), stream);
}

type Writer = (value: unknown) => string;

const fieldOf = (value: unknown, write: Writer): string =>
  value === null || value === undefined ? '\\N' : escaped(write(value));

function writerOf(type: string): Writer {
  if (/^jsonb?\b/.test(type)) return (value) => JSON.stringify(value);
  if (/\[\]/.test(type)) return arrayText;
  return String;
}

/** A text array as PostgreSQL writes it; every member in quotes, so none needs to be looked at. */
const arrayText: Writer = (value) =>
  Array.isArray(value)
    ? `{${value.map((member) => `"${String(member).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
    : String(value);

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

// Most fields have nothing to escape, and looking is faster than replacing.
const escaped = (text: string): string =>
  /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : text;
