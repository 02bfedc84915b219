import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { eventually } from '../../../../test/support/eventually.js';
import { canonicalJson } from '../canonical-json.js';
import { START, event, readEverything, uniqueName, requestFor } from '../contract/contract-requests.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../contract/postgres-under-test.js';
import type { EventLog, LogEntry } from '../port.js';
import { createPostgresEventLog } from './postgres-event-log.js';
import { CHANNEL } from './schema.sql.js';

const MANY = 200;

let postgres: PostgresUnderTest;
/** The log as another process has it, and what its subscriber was given. */
let other: EventLog;
let given: LogEntry[];
let reads = 0;
const stop = new AbortController();

/** A pool that counts how often the log is read. */
const counted = (pool: Pool): Pool =>
  Object.create(pool, {
    connect: { value: () => pool.connect() },
    query: {
      value: (asked: { readonly name?: string }, values?: unknown[]) => {
        if (asked.name === 'log-read-all') reads += 1;
        return pool.query(asked as never, values);
      },
    },
  });

const follow = async (): Promise<void> => {
  for await (const entries of other.subscribe(START, { signal: stop.signal, batchLimit: MANY })) given.push(...entries);
};

const isListening = async (): Promise<boolean> => {
  const { rows } = await postgres.administrator.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query = $1 AND state = 'idle'",
    [`LISTEN ${CHANNEL}`],
  );
  return rows.length > 0;
};

/** Waits until the subscriber was given all that is in the log, and sees that it is the same. */
async function expectGiven(): Promise<void> {
  const { position } = await postgres.log.head();
  await eventually('all is given', () => given.at(-1)?.position === position);
  expect(given).toEqual(await readEverything(postgres.log));
}

beforeAll(async () => {
  postgres = await openPostgresUnderTest();
  other = createPostgresEventLog({ pool: counted(postgres.openPool()) });
  given = [];
  void follow();
  await eventually('it listens', isListening);
  await postgres.log.append(requestFor(uniqueName(), [uniqueName()]));
  await expectGiven();
});

afterAll(async () => {
  stop.abort();
  await other.close();
  await postgres.close();
});

describe('an announcement', () => {
  it('brings the entries along, so that nobody reads them', async () => {
    const before = reads;
    for (let count = 0; count < MANY; count += 1) await postgres.log.append(requestFor(uniqueName(), [uniqueName()]));
    await expectGiven();
    expect(reads - before).toBeLessThan(MANY / 4);
  });

  it('tells of what is too much or too long for it, and of what lies beside an entry, without bringing it', async () => {
    const long = uniqueName();
    const erasable = [{ pointer: '/note', salt: 'c2FsdA==', value: 'between us' }];
    const keys = Array.from({ length: MANY }, () => uniqueName());
    await postgres.log.append(requestFor(uniqueName(), keys));
    await postgres.log.append({ stream: uniqueName(), expected: 'any', events: [event(long, 'ü'.repeat(5_000))] });
    await postgres.log.append({
      stream: uniqueName(),
      expected: 'any',
      events: [{ ...event(uniqueName()), body: canonicalJson({ note: { commit: 'x' } }), erasable }],
    });
    await postgres.log.append(requestFor(uniqueName(), [uniqueName()]));
    await expectGiven();
    expect(given.at(-2)?.erasable).toEqual([{ pointer: '/note', value: 'between us' }]);
  });

  it('is not believed when it was not made by the log', async () => {
    const { position } = await postgres.log.head();
    const [last] = given.slice(-1);
    const forged = `${position + 1}\n${last?.entry ?? ''}`;
    const known = given.length;
    for (const told of [forged, `${forged}\n${'0'.repeat(64)}`, `${forged}\n`, String(position + 1), '', 'x\ny\nz'])
      await postgres.administrator.query('SELECT pg_notify($1, $2)', [CHANNEL, told]);
    await postgres.log.append(requestFor(uniqueName(), [uniqueName()]));
    await expectGiven();
    expect(given).toHaveLength(known + 1);
  });

  it('cannot be sealed by who may not read the tables of the log', async () => {
    await postgres.administrator.query('CREATE ROLE stranger_to_the_log');
    try {
      await postgres.administrator.query('SET ROLE stranger_to_the_log');
      await expect(postgres.administrator.query("SELECT log.seal('x')")).rejects.toThrow(/permission denied/);
    } finally {
      await postgres.administrator.query('RESET ROLE; DROP ROLE stranger_to_the_log');
    }
  });
});
