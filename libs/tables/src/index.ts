/** The tidy tables that the service exports: declared once, with how they are written as CSV, NDJSON and Parquet. */
export { daysIn } from './cells/days.js';
export { type FlatValue, flatValue } from './cells/flat-value.js';
export { identityOfAddress } from './cells/identifiers.js';
export {
  type TableCell,
  type Column,
  type ColumnType,
  type DayOf,
  type Item,
  type TableRow,
  type TidyTable,
  selectColumns,
} from './cells/table.js';
export { isFirstAtPath, tables, tablesAt, tablesOfOneCoordinate } from './declarations/tables.js';
export { type CsvOptions, csvHeader, csvRows } from './formats/csv.js';
export { dataPackageOf } from './formats/data-package.js';
export { type PackagedFile, csvwOf } from './formats/documents.js';
export type { Exported, Exporter } from './formats/exporter.js';
export { ndjsonRows, rowObject } from './formats/ndjson.js';
export { exportParquet } from './formats/parquet.js';
export { csvExporter, exportNdjson } from './formats/text-exporters.js';
