import { describe, expect, it } from '@jest/globals';
import { FOREVER, instant, position } from '#domain';
import { JSON_LINES } from './row-format.js';
import { RowSheet } from './row-sheet.js';
import type { Row, Table } from './table.js';

const table: Table = { name: 'tolls', columns: { price: 'integer', said: 'text', tags: 'text[]' }, indexes: [] };

const row = (id: number, columns: Row['columns'], part = 0): Row => ({
  policy: 3,
  id,
  part,
  recordedFrom: position(10 + id),
  known: { from: instant(1_000), to: FOREVER },
  columns,
});

const linesOf = (sheet: RowSheet): readonly string[] =>
  Buffer.concat(sheet.parts).toString('utf8').split('\n').slice(0, -1);

describe('a sheet of rows', () => {
  it('is nothing without rows', () => {
    expect(new RowSheet(table).parts).toEqual([]);
  });

  it('writes each row as a line, with what COPY would read otherwise escaped', () => {
    const sheet = new RowSheet(table);
    sheet.add({ inserts: [row(1, { price: 5, said: 'a\tb\\c\nd', tags: ['x"y', 'ü'] })], closes: [] });
    sheet.add({ inserts: [row(2, { price: null, said: '', tags: [] })], closes: [] });
    expect(linesOf(sheet)).toEqual([
      '3\t1\t0\t11\t9007199254740991\t1000\t9007199254740991\t5\ta\\tb\\\\c\\nd\t{"x\\\\"y","ü"}',
      '3\t2\t0\t12\t9007199254740991\t1000\t9007199254740991\t\\N\t\t{}',
    ]);
  });

  it('ends every part of a row that it has, and tells of those that it has not', () => {
    const sheet = new RowSheet(table);
    sheet.add({ inserts: [row(1, { price: 1 }), row(1, { price: 2 }, 1), row(2, { price: 3 })], closes: [] });
    const [known, unknown] = [
      { policy: 3, id: 1, at: position(40) },
      { policy: 4, id: 1, at: position(40) },
    ];
    sheet.add({ inserts: [], closes: [known, unknown] });
    expect(linesOf(sheet).map((line) => Number(line.split('\t')[4]))).toEqual([40, 40, Number.MAX_SAFE_INTEGER]);
    expect(sheet.closes).toEqual([unknown]);
  });

  it('writes the same rows as JSON, each with its end', () => {
    const sheet = new RowSheet(table, JSON_LINES);
    sheet.add({ inserts: [row(1, { price: 5, said: 'a\n"ü', tags: ['x'] }), row(2, { price: null })], closes: [] });
    sheet.add({ inserts: [], closes: [{ policy: 3, id: 1, at: position(40) }] });
    const common = { policy: 3, part: 0, known_from: 1_000, known_to: Number.MAX_SAFE_INTEGER };
    expect(linesOf(sheet).map((line): unknown => JSON.parse(line))).toEqual([
      { ...common, id: 1, recorded_from: 11, recorded_to: 40, price: 5, said: 'a\n"ü', tags: ['x'] },
      { ...common, id: 2, recorded_from: 12, recorded_to: Number.MAX_SAFE_INTEGER, price: null },
    ]);
  });

  it('keeps every line whole over many parts, and ends rows in any of them', () => {
    const sheet = new RowSheet(table);
    const said = (id: number): string => '€'.repeat(id * 37);
    const ids = Array.from({ length: 200 }, (_, index) => index + 1);
    for (const id of ids) sheet.add({ inserts: [row(id, { said: said(id) })], closes: [] });
    for (const id of ids) sheet.add({ inserts: [], closes: [{ policy: 3, id, at: position(1_000 + id) }] });
    expect(sheet.parts.length).toBeGreaterThan(3);
    expect(linesOf(sheet).map((line) => line.split('\t').slice(1, 9))).toEqual(
      ids.map((id) => [
        String(id),
        '0',
        String(10 + id),
        String(1_000 + id).padStart(16, '0'),
        '1000',
        '9007199254740991',
        '\\N',
        said(id),
      ]),
    );
  });
});
