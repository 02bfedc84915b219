import { expect } from '@jest/globals';

/** The cells of a file of RFC 4180. */
export function parseCsv(file: string): readonly (readonly string[])[] {
  expect(file).toMatch(/\r\n$/);
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, cell = '', end] of file.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy)) {
    row.push(cell);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** The values in lines of JSON. */
export const linesIn = (output: string): readonly object[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line): object => JSON.parse(line));
