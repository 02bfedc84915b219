import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { position } from '#domain';
import { type TestDatabase, createTestDatabase } from '../../../../test/support/databases/database.js';
import { type Table, creationOf } from '../rows/table.js';
import { type TableComparison, compareTables } from './digest.js';

const table: Table = {
  name: 'things',
  columns: {
    at: 'bigint NOT NULL',
    called: 'text',
    shown: 'json',
    value: 'jsonb',
    members: 'text[]',
    much: 'double precision',
  },
  indexes: [],
};

const ROWS = `(1, 1, 0, 1, 9, 0, 5, 1763900000000, 'a', '{"b":1}', '{"n": 1}', '{a,b}', 0.5),
  (1, 2, 0, 2, 9007199254740991, 0, 5, 0, NULL, 'null', NULL, NULL, NULL),
  (1, 3, 0, 3, 9007199254740991, 0, 5, 0, 'b', NULL, '[]', '{}', 0)`;

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  for (const schema of ['one', 'other']) {
    await pool.query(`CREATE SCHEMA ${schema}`);
    await pool.query(creationOf(table, schema));
    await pool.query(`INSERT INTO ${schema}.things VALUES ${ROWS}`);
  }
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const compared = (at = 10): Promise<readonly TableComparison[]> =>
  compareTables(pool, [table], { one: 'one', other: 'other', at: position(at) });

/** How the tables compare once one of them was changed; the change is taken back. */
async function comparedAfter(change: string): Promise<TableComparison | undefined> {
  const before = 'CREATE TABLE other.kept AS TABLE other.things';
  await pool.query(`${before}; UPDATE other.things SET ${change}`);
  const [comparison] = await compared();
  await pool.query('TRUNCATE other.things; INSERT INTO other.things TABLE other.kept; DROP TABLE other.kept');
  return comparison;
}

describe('comparing tables', () => {
  it('finds equal what holds the same rows, in whatever order', async () => {
    expect(await comparedAfter('part = part WHERE id = 1')).toMatchObject({ isEqual: true, examples: [] });
  });

  it('finds equal what held the same rows at the position', async () => {
    await pool.query('UPDATE other.things SET recorded_to = 8 WHERE id = 2');
    expect((await compared(7))[0]?.isEqual).toBe(true);
    expect((await compared(8))[0]?.isEqual).toBe(false);
    await pool.query('UPDATE other.things SET recorded_to = 9007199254740991 WHERE id = 2');
  });

  it.each([
    // The halves of a bigint, of which its own hash is the exclusive or.
    'at = at # ((1::bigint << 32) + 1) WHERE id = 1',
    'at = at + 1 WHERE id = 1',
    "called = '' WHERE id = 2",
    "called = CASE id WHEN 1 THEN 'b' ELSE 'a' END WHERE id <> 2",
    'shown = \'{"b": 1}\' WHERE id = 1',
    'shown = NULL WHERE id = 2',
    'value = \'{"n": 1.0}\' WHERE id = 1',
    "value = 'null' WHERE id = 2",
    "members = '{{a},{b}}' WHERE id = 1",
    "members = '{b,a}' WHERE id = 1",
    "members = '{}' WHERE id = 2",
    'much = 0 WHERE id = 2',
  ])('tells what differs after SET %s', async (change) => {
    const comparison = await comparedAfter(change);
    expect(comparison?.isEqual).toBe(false);
    expect(new Set(comparison?.examples.map(({ only }) => only))).toEqual(new Set(['one', 'other']));
  });
});
