import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import { uniqueName, requestFor } from '../../contract/contract-requests.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../../contract/postgres-under-test.js';
import { createPostgresEventLog } from '../postgres-event-log.js';

let postgres: PostgresUnderTest;
beforeAll(async () => {
  postgres = await openPostgresUnderTest();
});
afterAll(() => postgres.close());

/** Has something done before each call of the pool's connections that appends outside of a transaction. */
function overtaken(pool: pg.Pool, overtake: () => Promise<unknown>): pg.Pool {
  pool.on('connect', (client) => {
    const query: (...given: unknown[]) => Promise<unknown> = client.query.bind(client);
    let holdsHead = false;
    const late = async (...given: [unknown, ...unknown[]]): Promise<unknown> => {
      const [statement] = given;
      if (statement === 'BEGIN' || statement === 'COMMIT') holdsHead = statement === 'BEGIN';
      const appends =
        typeof statement === 'object' && statement !== null && Reflect.get(statement, 'name') === 'log-append';
      if (appends && !holdsHead) await overtake();
      return query(...given);
    };
    Object.assign(client, { query: late });
  });
  return pool;
}

it('an append goes through, and sinks none of its flush, although another process is always first', async () => {
  const stream = uniqueName();
  const pool = overtaken(postgres.openPool(), () => postgres.log.append(requestFor(stream, [uniqueName()], 'any')));
  const log = createPostgresEventLog({ pool });
  const asked = [
    requestFor(stream, [uniqueName()], 'any'),
    requestFor(uniqueName(), [uniqueName()], 'none'),
    requestFor(stream, [uniqueName()], 'none'),
  ];
  const outcomes = await Promise.all(asked.map((each) => log.append(each)));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['appended', 'appended', 'conflict']);
  const entries = await log.readStream(stream, { limit: 100 });
  expect(entries.map(({ revision }) => revision)).toEqual(entries.map((_, index) => index));
  expect(entries.map(({ key }) => key)).toContain(asked[0]?.events[0]?.key);
  // And once more, with what it believes since then.
  expect(await log.append(requestFor(stream, [uniqueName()], 'any'))).toMatchObject({ outcome: 'appended' });
});
