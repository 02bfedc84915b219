import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../../../test/support/eventually.js';
import { uniqueName, requestFor } from '../../contract/contract-requests.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../../contract/postgres-under-test.js';
import { type AppendRequest, LogOverloadedError, LogUnavailableError } from '../../port.js';
import { QUEUE_LIMIT } from './group-commit.js';
import { createPostgresEventLog } from '../postgres-event-log.js';

let postgres: PostgresUnderTest;
beforeAll(async () => {
  postgres = await openPostgresUnderTest();
});
afterAll(() => postgres.close());

const own = (): AppendRequest => requestFor(uniqueName(), [uniqueName()], 'none');

async function* inBatches(...requests: readonly AppendRequest[]): AsyncGenerator<readonly AppendRequest[]> {
  for (const each of requests) yield [each];
}

describe('the time an append may take', () => {
  const LIMITS = `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
    current_setting('idle_in_transaction_session_timeout') AS idle`;

  it('is limited on a connection that has no limits', async () => {
    const pool = postgres.openPool({ max: 1 });
    await createPostgresEventLog({ pool }).append(own());
    expect((await pool.query(LIMITS)).rows).toEqual([{ statement: '30s', lock: '10s', idle: '1min' }]);
  });

  it('keeps the lower limits of the pool, and lowers higher ones', async () => {
    const pool = postgres.openPool({ max: 1, statement_timeout: 5000, lock_timeout: 100_000 });
    await createPostgresEventLog({ pool }).appendTogether(inBatches(own()));
    expect((await pool.query(LIMITS)).rows).toEqual([{ statement: '5s', lock: '10s', idle: '1min' }]);
  });

  it('ends appends together whose batches do not come, for the others to go on', async () => {
    const log = createPostgresEventLog({ pool: postgres.openPool({ idle_in_transaction_session_timeout: 100 }) });
    const stalled = own();
    const stalling = async function* (): AsyncGenerator<readonly AppendRequest[]> {
      yield [stalled];
      // Has its turn only when the database has ended the transaction above.
      expect(await postgres.log.append(own())).toMatchObject({ outcome: 'appended' });
      yield [own()];
    };
    await expect(log.appendTogether(stalling())).rejects.toBeInstanceOf(LogUnavailableError);
    expect(await log.append(stalled)).toMatchObject({ outcome: 'appended' });
  });
});

describe('readers that take long', () => {
  it('hold up no append, and see the log as it was', async () => {
    await postgres.log.appendMany(Array.from({ length: 600 }, own));
    const { position } = await postgres.log.head();
    const reader = await postgres.pool.connect();
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await reader.query('SELECT entry FROM log.events CROSS JOIN log.head ORDER BY events.position');
    await reader.query('SELECT * FROM log.idempotency_keys CROSS JOIN log.erasable');
    await reader.query('DECLARE entries CURSOR FOR SELECT position FROM log.events ORDER BY position');
    await reader.query('FETCH 10 FROM entries');

    const log = createPostgresEventLog({ pool: postgres.openPool({ lock_timeout: 50, statement_timeout: 5000 }) });
    const answers = await Promise.all(Array.from({ length: 100 }, () => log.append(own())));
    expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'appended'));
    expect(await log.appendTogether(inBatches(own(), own()))).toMatchObject({ outcome: 'appended', events: 2 });

    expect((await reader.query('FETCH ALL FROM entries')).rowCount).toBe(position - 10);
    await reader.query('COMMIT');
    reader.release();
    expect((await log.head()).position).toBe(position + 102);
  });
});

describe('the queue of appends', () => {
  it('refuses what is more than its limit, and answers everything else', async () => {
    const log = createPostgresEventLog({ pool: postgres.openPool() });
    const { position } = await log.head();
    await postgres.administrator.query('BEGIN; SELECT FROM log.head FOR UPDATE');
    const requests = Array.from({ length: QUEUE_LIMIT + 7 }, own);
    const appending = Promise.allSettled(requests.map((one) => log.append(one)));
    await eventually('the first flush waits for its turn', async () => {
      const { rowCount } = await postgres.administrator.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return rowCount === 1;
    });
    await postgres.administrator.query('ROLLBACK');

    const answers = await appending;
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(refused).toHaveLength(7);
    for (const reason of refused) expect(reason).toBeInstanceOf(LogOverloadedError);
    const outcomes = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.outcome] : []));
    expect(new Set(outcomes)).toEqual(new Set(['appended']));
    expect((await log.head()).position).toBe(position + QUEUE_LIMIT);
    const again = await Promise.all(requests.slice(QUEUE_LIMIT).map((one) => log.append(one)));
    expect(again.map(({ outcome }) => outcome)).toEqual(again.map(() => 'appended'));
  });
});
