import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type TestDatabase, createTestDatabase } from '../../../test/support/databases/database.js';
import { bigintArray, doubleArray, integerArray, textArray, uuidArray } from './arrays.js';
import { openPool } from './connections/pool.js';

const UUID = '0d4a3c3e-6f5b-8a21-b0f7-9f6c2d1e0a55';

describe('arrays as parameters', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ url: database.url, name: 'arrays', onIdleError: () => undefined });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it.each([
    [
      'text',
      textArray(['', 'a "quoted", {listed} text', '£', Buffer.from('–')]),
      '{"","a \\"quoted\\", {listed} text",£,–}',
    ],
    ['uuid', uuidArray([UUID, UUID]), `{${UUID},${UUID}}`],
    ['integer', integerArray([1, null, -2_147_483_648]), '{1,NULL,-2147483648}'],
    [
      'bigint',
      bigintArray([9_007_199_254_740_991, null, -(2n ** 63n)]),
      '{9007199254740991,NULL,-9223372036854775808}',
    ],
    ['double precision', doubleArray([0.1, -1e21]), '{0.1,-1e+21}'],
    ['text', textArray([]), '{}'],
    ['uuid', uuidArray([]), '{}'],
    ['integer', integerArray([]), '{}'],
    ['bigint', bigintArray([null]), '{NULL}'],
  ])('come to the database as they are: %s[]', async (type, array, text) => {
    const { rows } = await pool.query(`SELECT $1::${type}[]::text AS text`, [array]);
    expect(rows).toEqual([{ text }]);
  });

  it.each(['', 'no uuid', UUID.slice(1), `${UUID.slice(0, -1)}g`])('refuse what is no UUID: "%s"', (text) => {
    expect(() => uuidArray([UUID, text])).toThrow('is no UUID');
  });
});
