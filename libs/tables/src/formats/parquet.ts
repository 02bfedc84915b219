import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column, ColumnType, TableCell, TableRow } from '../cells/table.js';
import type { Exporter } from './exporter.js';

/** A part of the schema, in the types of the writer's own copy of the reader. */
type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** So many rows are held at a time, and can be read apart. */
const GROUP_ROWS = 10_000;

/**
 * Writes a table as Parquet: typed columns, compressed by Snappy, in groups of {@link GROUP_ROWS} rows. Equal rows and
 * metadata give equal bytes.
 */
export const exportParquet: Exporter = async function* ({ table: { columns }, batches, metadata }) {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)],
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: 'policy-timeline',
  });
  for await (const rows of groupsOf(batches)) {
    await file.write({ columnData: columnDataOf(columns, rows), rowGroupSize: GROUP_ROWS });
    yield takeFrom(bytes);
  }
  await file.finish();
  yield takeFrom(bytes);
};

async function* groupsOf(batches: AsyncIterable<readonly TableRow[]>): AsyncGenerator<readonly TableRow[]> {
  let group: TableRow[] = [];
  for await (const rows of batches) {
    for (const row of rows) {
      group.push(row);
      if (group.length < GROUP_ROWS) continue;
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

const columnDataOf = (columns: readonly Column[], rows: readonly TableRow[]) =>
  columns.map(({ name, type }, place) => ({ name, data: rows.map((row) => storedAs[type](row[place] ?? null)) }));

/** The value of a cell as the writer takes it, for each type. */
const storedAs: Readonly<Record<ColumnType, (cell: TableCell) => unknown>> = {
  text: (cell) => cell,
  number: (cell) => cell,
  integer: (cell) => (typeof cell === 'number' ? BigInt(cell) : null),
  boolean: (cell) => cell,
  instant: (cell) => (typeof cell === 'string' ? new Date(cell) : null),
  day: (cell) => (typeof cell === 'string' ? new Date(cell) : null),
  texts: (cell) => cell,
  json: (cell) => cell,
};

/** What has gone to the writer since the last time; its offsets go on. */
function takeFrom(writer: ByteWriter): Uint8Array {
  const taken = new Uint8Array(writer.buffer, 0, writer.index).slice();
  writer.index = 0;
  return taken;
}

/** The schema of a column: of a list its group, its repeated member and what a member holds. */
function elementsOf({ name, type }: Column): SchemaElement[] {
  if (type !== 'texts') return [{ name, repetition_type: 'OPTIONAL', ...ELEMENTS[type] }];
  return [
    { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', logical_type: { type: 'LIST' }, num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...ELEMENTS.text },
  ];
}

const ELEMENTS = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  number: { type: 'DOUBLE' },
  integer: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  day: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
} as const satisfies Readonly<Record<Exclude<ColumnType, 'texts'>, Partial<SchemaElement>>>;
