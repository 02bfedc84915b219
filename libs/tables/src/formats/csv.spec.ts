import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { Column, ColumnType } from '../cells/table.js';
import { csvHeader, csvRows } from './csv.js';

const column = (name: string, type: ColumnType = 'text'): Column => ({
  name,
  sqlName: name,
  type,
  isNullable: true,
  description: name,
});

const plain = { forExcel: false };

describe('CSV', () => {
  it.each([
    ['a comma', 'one, two', '"one, two"'],
    ['quotes', 'the "toll"', '"the ""toll"""'],
    ['a new line', 'one\ntwo', '"one\ntwo"'],
    ['umlauts', 'Zürich', 'Zürich'],
    ['an apostrophe', 'Hauliers’ Union', 'Hauliers’ Union'],
    ['spaces around it', ' x ', ' x '],
    ['what Excel takes for a formula', '=1+1', '=1+1'],
    ['an empty text', '', '""'],
    ['no value', null, ''],
  ])('keeps a text with %s', (_, text, written) => {
    expect(csvRows([column('a'), column('b')], [[text, 'z']], plain)).toBe(`${written},z\r\n`);
  });

  it('writes numbers, truth and lists', () => {
    const columns = [column('n', 'number'), column('b', 'boolean'), column('t', 'texts'), column('j', 'json')];
    expect(csvRows(columns, [[-1.5e21, false, ['a', 'b'], 'text']], plain)).toBe(
      `-1.5e+21,false,"[""a"",""b""]","""text"""\r\n`,
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)'])('marks %s as text for Excel', (text) => {
    expect(csvRows([column('a')], [[text]], { forExcel: true })).toBe(`'${text}\r\n`);
  });

  it.each(['\n=1+1', '\r\n=1+1', '\r@x'])('marks %j as text for Excel, which skips lines', (text) => {
    expect(csvRows([column('a')], [[text]], { forExcel: true })).toBe(`"'${text}"\r\n`);
  });

  it('leaves negative numbers to Excel as numbers', () => {
    expect(csvRows([column('a', 'number')], [[-1]], { forExcel: true })).toBe('-1\r\n');
  });

  it('is what csv-stringify writes', () => {
    const cell = fc.oneof(
      // Unlike ours, theirs lets a formula follow an empty line.
      fc
        .string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '=', 'é') })
        .map((text) => text.replace(/^\n+/, '')),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant(null),
    );
    const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1 });
    fc.assert(
      fc.property(rows, fc.boolean(), (given, forExcel) => {
        const theirs = stringify(
          given.map((row) => row.map((each) => (typeof each === 'number' ? JSON.parse(JSON.stringify(each)) : each))),
          { record_delimiter: 'windows', quote_record_delimiter: true, quoted_match: /^$/, escape_formulas: forExcel },
        );
        expect(csvRows([column('a'), column('b'), column('c')], given, { forExcel })).toBe(theirs);
      }),
    );
  });

  it('begins with the names of the columns, after a mark where one is wanted', () => {
    expect(csvHeader([column('a'), column('b')], { withMark: false })).toBe('a,b\r\n');
    expect(csvHeader([column('a')], { withMark: true })).toBe('\uFEFFa\r\n');
  });
});
