import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './database.js';

describe('a test database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({
      name: 'sample',
      prepare: async (url) => {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.query('CREATE TABLE sample (id int PRIMARY KEY)');
        await client.end();
      },
    });
  });
  afterAll(() => database.drop());

  it('has what its template had', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS count FROM sample');
    await client.end();
    expect(rows).toEqual([{ count: 0 }]);
  });

  it('is not seen by another', async () => {
    const other = await createTestDatabase();
    const client = new pg.Client({ connectionString: other.url });
    await client.connect();
    const { rows } = await client.query("SELECT to_regclass('sample') AS found");
    await client.end();
    await other.drop();
    expect(rows).toEqual([{ found: null }]);
  });
});
