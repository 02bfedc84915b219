import type { TableRow, TidyTable } from '../cells/table.js';

/** What a file of a table is made of. */
export interface Exported {
  readonly table: TidyTable;
  /** The rows, some at a time, in order; read once. */
  readonly batches: AsyncIterable<readonly TableRow[]>;
  /** What a file says of itself, if its format has a place for it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Writes a table in one format: the file in pieces, which hold a small part of the rows at a time. */
export type Exporter = (exported: Exported) => AsyncIterable<Uint8Array>;
