import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import {
  booleanColumn,
  dayColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  numberColumn,
  textColumn,
  textsColumn,
} from '../cells/fields.js';
import { type TableRow, declareTable } from '../cells/table.js';
import { exportParquet } from './parquet.js';

const table = declareTable({
  name: 'all',
  title: 'All types',
  description: 'One column a type.',
  path: '/v1/all',
  columns: {
    text: textColumn('Text.').nullable(),
    number: numberColumn('Number.').nullable(),
    integer: integerColumn('Integer.').nullable(),
    boolean: booleanColumn('Boolean.').nullable(),
    instant: instantColumn('Instant.').nullable(),
    day: dayColumn('Day.').nullable(),
    texts: textsColumn('Texts.').nullable(),
    json: jsonColumn('JSON.'),
  },
});

async function* inBatches(rows: readonly TableRow[]): AsyncGenerator<readonly TableRow[]> {
  for (let from = 0; from < rows.length; from += 7) yield await Promise.resolve(rows.slice(from, from + 7));
}

async function written(rows: readonly TableRow[]): Promise<ArrayBuffer> {
  const metadata = { permalink: '/v1/all?recordedAt=@3' };
  const pieces: Uint8Array[] = [];
  for await (const piece of exportParquet({ table, batches: inBatches(rows), metadata })) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces)).buffer;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const ms = fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59Z') });
const oneOrNone = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const rowOfCells: fc.Arbitrary<TableRow> = fc.tuple(
  oneOrNone(fc.string({ unit: 'grapheme' })),
  oneOrNone(fc.double({ noNaN: true, noDefaultInfinity: true })),
  oneOrNone(fc.maxSafeInteger()),
  oneOrNone(fc.boolean()),
  oneOrNone(ms.map((at) => new Date(at).toISOString())),
  oneOrNone(ms.map(day)),
  oneOrNone(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 })),
  oneOrNone(fc.constantFrom('text', 7, true, [1, null], { value: 9, unit: 'GBP' }, '')),
);

/** A value that was read, as a cell. */
function cellOf(value: unknown, type: string): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return type === 'day' ? day(value.getTime()) : value.toISOString();
  return value ?? null;
}

describe('Parquet', () => {
  it('gives every cell back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowOfCells, { maxLength: 30 }), async (rows) => {
        const read = await parquetReadObjects({ file: await written(rows) });
        expect(read.map((row) => table.columns.map(({ name, type }) => cellOf(row[name], type)))).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });

  it('says what it holds, also without a row', async () => {
    const { key_value_metadata: said, schema } = parquetMetadata(await written([]));
    expect(said).toEqual([{ key: 'permalink', value: '/v1/all?recordedAt=@3' }]);
    expect(schema.map(({ name, converted_type: type }) => [name, type])).toEqual([
      ['root', undefined],
      ['text', 'UTF8'],
      ['number', undefined],
      ['integer', undefined],
      ['boolean', undefined],
      ['instant', 'TIMESTAMP_MILLIS'],
      ['day', 'DATE'],
      ['texts', 'LIST'],
      ['list', undefined],
      ['element', 'UTF8'],
      ['json', 'JSON'],
    ]);
  });

  it('is the same file for the same rows', async () => {
    const rows = fc.sample(rowOfCells, { numRuns: 50, seed: 1 });
    expect(await written(rows)).toEqual(await written(rows));
  });
});
