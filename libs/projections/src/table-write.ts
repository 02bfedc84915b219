import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type EndedRow, rowText } from './row-text.js';
import { type RowKey, type Table, type TableChange, WITHOUT_END, columnsOf } from './table.js';

/** Rows of one table, as lines for COPY, in UTF-8 where they are bytes; empty when there are none. */
export interface TableText {
  readonly table: Table;
  readonly text: string | Uint8Array;
}

/** The same in parts, one after the other. */
export interface TableParts {
  readonly table: Table;
  readonly parts: readonly TableText['text'][];
}

/** What a batch writes to one table: the rows that begin, and what ends. */
export interface TableWrite extends TableText {
  readonly closes: TableChange['closes'];
}

/** Sums up what a batch changed in one table. */
export function writeOf(table: Table, changes: readonly TableChange[]): TableWrite {
  const { rows, closes } = settled(changes);
  return { table, text: rowText(table, rows), closes };
}

/** Writes to one table of a schema: at most one statement for what begins and one for what ends. */
export async function writeTable(
  client: PoolClient,
  { table, text, closes }: TableWrite,
  schema: string,
): Promise<void> {
  if (closes.length > 0)
    await client.query({
      name: `close-${schema}.${table.name}`,
      text: closeStatement(table, schema),
      values: [closes.map(({ policy }) => policy), closes.map(({ id }) => id), closes.map(({ at }) => at)],
    });
  await copyParts(client, { table, parts: [text] }, schema);
}

/** Copies lines into a table of a schema; none is no work. */
export async function copyParts(client: PoolClient, { table, parts }: TableParts, schema: string): Promise<void> {
  if (parts.every(({ length }) => length === 0)) return;
  const names = columnsOf(table).map(([name]) => name);
  const stream = client.query(copyFrom(`COPY ${schema}.${table.name} (${names.join(', ')}) FROM STDIN`));
  await pipeline(Readable.from(parts), stream);
}

/** What changes come to: rows to insert, with both ends where they end among the changes, and rows to end. */
export function settled(changes: readonly TableChange[]): {
  readonly rows: readonly EndedRow[];
  readonly closes: TableChange['closes'];
} {
  const closes = new PolicyThings<TableChange['closes'][number]>();
  for (const change of changes) for (const close of change.closes) closes.set(close, close);
  const rows: EndedRow[] = [];
  const inserted = new Set<TableChange['closes'][number]>();
  for (const change of changes)
    for (const row of change.inserts) {
      const close = closes.get(row);
      if (close) inserted.add(close);
      rows.push({ row, recordedTo: close?.at ?? WITHOUT_END });
    }
  return { rows, closes: closes.all().filter((close) => !inserted.has(close)) };
}

/** Something about each thing of each policy. */
class PolicyThings<Value> {
  readonly #byPolicy = new Map<number, Map<number, Value>>();

  get({ policy, id }: Pick<RowKey, 'policy' | 'id'>): Value | undefined {
    return this.#byPolicy.get(policy)?.get(id);
  }

  set({ policy, id }: Pick<RowKey, 'policy' | 'id'>, value: Value): void {
    const things = this.#byPolicy.get(policy);
    if (things) things.set(id, value);
    else this.#byPolicy.set(policy, new Map([[id, value]]));
  }

  all(): readonly Value[] {
    return [...this.#byPolicy.values()].flatMap((things) => [...things.values()]);
  }
}

const closeStatement = ({ name }: Table, schema: string): string =>
  `UPDATE ${schema}.${name} t SET recorded_to = c.at FROM unnest($1::integer[], $2::integer[], $3::bigint[]) AS c(policy, id, at) WHERE t.policy = c.policy AND t.id = c.id`;
