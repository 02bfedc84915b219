import type { FastifyRequest } from 'fastify';
import { didYouMean } from '#domain';
import { type DayOf, type Item, type TableCell, type TidyTable, rowObject, selectColumns, tablesAt } from '#tables';
import { type TableFormat, tableFormatOf, tablePathOf } from '../exports/formats.js';
import { invalidParameter } from '../http/request/query-string.js';

/** What a request says about the table that it asks for. */
export interface TableQuery {
  readonly columns?: readonly string[] | undefined;
  readonly table?: string | undefined;
  readonly bom?: boolean;
  readonly excel?: boolean;
  readonly cursor?: unknown;
}

/** The table of a request, with the columns that it asks for. */
export function askedTable({ url }: Pick<FastifyRequest, 'url'>, { columns, table: name }: TableQuery): TidyTable {
  const tables = tablesAt(tablePathOf(url) ?? '');
  if (tables.length === 0)
    throw invalidParameter('columns', 'columns: this list has no columns to choose from. Leave it out.');
  const table = name === undefined ? tables[0] : tables.find((each) => each.name === name);
  if (table === undefined)
    throw invalidParameter('table', `table must be one of ${tables.map((each) => each.name).join(', ')}.`);
  if (columns === undefined) return table;
  const repeated = columns.find((each, place) => columns.indexOf(each) < place);
  if (repeated !== undefined) throw invalidParameter('columns', `columns names ${repeated} twice. Name it once.`);
  const selected = selectColumns(table, columns);
  if (selected) return selected;
  const known = table.columns.map((column) => column.name);
  const wrong = columns.find((each) => !known.includes(each)) ?? '';
  throw invalidParameter(
    'columns',
    `columns: there is no column ${JSON.stringify(wrong)} in ${table.name}.${didYouMean(wrong, known)} Its columns: ${known.join(', ')}.`,
  );
}

/** The format of a request; refuses parameters that it has no use for. */
export function askedFormat(request: FastifyRequest, { cursor, table, bom, excel }: TableQuery): TableFormat {
  const format = tableFormatOf(request);
  if (format !== 'json' && cursor !== undefined)
    throw invalidParameter('cursor', `cursor: a file has all rows. Leave cursor out, or ask for pages in JSON.`);
  if (format === 'json' && table !== undefined)
    throw invalidParameter('table', 'table: only files have long tables. Ask for .csv, .ndjson or .parquet.');
  if (format !== 'csv' && format !== 'csv-metadata.json' && (bom === true || excel === true))
    throw invalidParameter(
      bom === true ? 'bom' : 'excel',
      `bom and excel are about CSV. Leave them out, or ask for .csv.`,
    );
  return format;
}

/** The rows of items as objects that have the columns of a table. */
export const inColumns = (
  { columns, rowsOf }: TidyTable,
  items: readonly Item[],
  dayOf: DayOf,
): readonly Readonly<Record<string, TableCell>>[] =>
  items.flatMap((item) => rowsOf(item, dayOf)).map((row) => rowObject(columns, row));
