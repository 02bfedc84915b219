import { type CsvOptions, csvHeader, csvRows } from './csv.js';
import type { Exporter } from './exporter.js';
import { ndjsonRows } from './ndjson.js';

/** Writes a table as CSV. */
export const csvExporter = (options: CsvOptions): Exporter =>
  async function* ({ table: { columns }, batches }) {
    yield Buffer.from(csvHeader(columns, options));
    for await (const rows of batches) yield Buffer.from(csvRows(columns, rows, options));
  };

/** Writes a table as NDJSON. */
export const exportNdjson: Exporter = async function* ({ table: { columns }, batches }) {
  for await (const rows of batches) yield Buffer.from(ndjsonRows(columns, rows));
};
