import { expect, it } from '@jest/globals';
import { cellAt, showValue } from './cells.js';
import { csvLines, csvNames, formOf, ndjsonLines } from './form.js';

it.each([
  [null, ''],
  [undefined, ''],
  ['paused', 'paused'],
  [0, '0'],
  [false, 'false'],
  [{ value: 9, unit: 'GBP' }, '9 GBP'],
  [{ value: 'asylum seekers' }, 'asylum seekers'],
  [{ value: 50, unit: 'people', comparator: 'approx', period: 'P1W' }, '~ 50 people (period P1W)'],
  [{ value: 100, unit: 'GBP', comparator: 'at-least', period: null }, '≥ 100 GBP'],
  [{ erased: true }, '{"erased":true}'],
  [['a', 'b'], '["a","b"]'],
])('shows %j as %j', (value, text) => {
  expect(showValue(value)).toBe(text);
});

it('finds a cell by its name, also one with dots, or by its path', () => {
  const row = { 'a.b': 1, source: { url: 'x', at: { day: 2 } }, none: null };
  expect(['a.b', 'source.url', 'source.at.day', 'none.url', 'other'].map((column) => cellAt(row, column))).toEqual([
    1,
    'x',
    2,
    undefined,
    undefined,
  ]);
});

it('writes rows by the paths of columns, and tells nothing from an empty text', () => {
  const form = formOf(['a', 'b', 'c.d']);
  expect(csvNames(form)).toBe('a,b,c.d\r\n');
  expect(
    csvLines(form, [
      { a: '', b: null, c: { d: 'one, "two"\nthree' } },
      { a: ['k'], b: 0 },
    ]),
  ).toBe('"",,"one, ""two""\nthree"\r\n"[""k""]",0,\r\n');
  expect(ndjsonLines(form, [{ a: '', b: ['k'], c: {} }])).toBe('{"a":"","b":["k"],"c.d":null}\n');
});
