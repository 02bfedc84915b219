import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type TestDatabase, createTestDatabase } from '../../../../test/support/databases/database.js';
import { openPool } from './pool.js';
import { inTransaction } from './transaction.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  // One connection: whatever a transaction leaves behind would be met by the next statement.
  pool = openPool({ url: database.url, name: 'transaction', connectionLimit: 1, onIdleError: () => undefined });
  await pool.query('CREATE TABLE kept (number integer PRIMARY KEY)');
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const kept = async (): Promise<readonly number[]> => {
  const { rows } = await pool.query<{ number: number }>('SELECT number FROM kept ORDER BY number');
  return rows.map(({ number }) => number);
};

describe('a transaction', () => {
  it('commits what was done, and answers what the work answers', async () => {
    const answer = await inTransaction(pool, async (client) => {
      await client.query('INSERT INTO kept VALUES (1)');
      return 'done';
    });
    expect([answer, await kept()]).toEqual(['done', [1]]);
  });

  it('rolls back when the work throws, and throws the same', async () => {
    const fault = new Error('The work failed.');
    const failing = inTransaction(pool, async (client) => {
      await client.query('INSERT INTO kept VALUES (2)');
      throw fault;
    });
    await expect(failing).rejects.toBe(fault);
    expect(await kept()).toEqual([1]);
  });

  it('gives the connection back usable after a statement failed', async () => {
    const failing = inTransaction(pool, (client) => client.query('INSERT INTO kept VALUES (3), (1)'));
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await kept()).toEqual([1]);
  });

  it('gives back no connection that was lost on the way', async () => {
    const failing = inTransaction(pool, async (client) => {
      await client.query('INSERT INTO kept VALUES (4)');
      await client.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(failing).rejects.toThrow();
    expect([await kept(), pool.totalCount]).toEqual([[1], 1]);
  });
});
