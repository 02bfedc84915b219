import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { tables, tablesAt } from './tables.js';

const page = readFileSync(new URL('../../../../docs/analysts.md', import.meta.url), 'utf8');

const addresses = [...page.matchAll(/http:\/\/localhost:3000(\/v1\/[^\s"'`)]+)/g)].map(
  ([, path = '']) => new URL(path, 'http://x'),
);

it('recipes name lists that are tables, in formats that they have', () => {
  expect(addresses.length).toBeGreaterThan(5);
  for (const { pathname } of addresses) {
    const [, list = '', format = 'json'] = /^(\/v1\/\w+)(?:[.](\w+))?$/.exec(pathname) ?? [];
    expect({ pathname, tables: tablesAt(list).length }).not.toEqual({ pathname, tables: 0 });
    expect(['json', 'csv', 'ndjson', 'parquet']).toContain(format);
  }
});

it('recipes of SQL and of data frames name columns that there are', () => {
  const columnsOf = (name: string) => tables.find((table) => table.name === name)?.columns ?? [];
  const names = (table: string) => columnsOf(table).map(({ name }) => name);
  expect(names('figures')).toEqual(expect.arrayContaining(['knownFrom', 'measure', 'value']));
  expect(names('series')).toEqual(expect.arrayContaining(['from', 'value']));
  expect(columnsOf('facts').map(({ sqlName }) => sqlName)).toEqual(
    expect.arrayContaining(['policy', 'field', 'value_text']),
  );
});
