import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/databases/database.js';
import { openPool } from './pool.js';

describe('a pool', () => {
  let database: TestDatabase;
  const open = (name: string, role?: string) =>
    openPool({ url: database.url, name, onIdleError: fail, ...(role === undefined ? {} : { role }) });
  const once = async (statement: string) => {
    const pool = open('aside');
    await pool.query(statement);
    await pool.end();
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    await once('CREATE ROLE pool_spec_role NOLOGIN');
  });
  afterAll(async () => {
    await once('DROP ROLE pool_spec_role');
    await database.drop();
  });

  it('takes on its role and its limits before the first statement', async () => {
    const pool = open('pool spec', 'pool_spec_role');
    const { rows } = await pool.query(
      `SELECT current_user AS role, current_setting('statement_timeout') AS statement,
              current_setting('lock_timeout') AS lock, current_setting('application_name') AS name`,
    );
    await pool.end();
    expect(rows).toEqual([{ role: 'pool_spec_role', statement: '30s', lock: '10s', name: 'pool spec' }]);
  });

  it('survives the loss of an idle connection and tells of it', async () => {
    let tell: (error: Error) => void = fail;
    const told = new Promise<Error>((resolve) => (tell = resolve));
    const pool = openPool({ url: database.url, name: 'lost', onIdleError: (error) => tell(error) });
    await pool.query('SELECT 1');
    await once("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lost'");
    const error = await told;
    const { rows } = await pool.query('SELECT 1 AS one');
    await pool.end();
    expect(error.message).toMatch(/terminating connection/);
    expect(error).not.toHaveProperty('client');
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('survives the loss of a connection in use, whose next statement fails', async () => {
    const pool = open('in use');
    const client = await pool.connect();
    await client.query('BEGIN');
    const ended = new Promise((resolve) => client.once('end', resolve));
    await once("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'in use'");
    await ended;
    await expect(client.query('COMMIT')).rejects.toThrow('not queryable');
    client.release(true);
    const { rows } = await pool.query('SELECT 1 AS one');
    await pool.end();
    expect(rows).toEqual([{ one: 1 }]);
  });
});

function fail(error: Error): never {
  throw error;
}
