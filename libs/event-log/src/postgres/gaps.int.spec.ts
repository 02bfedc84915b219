import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName, requestFor } from '../contract/contract-requests.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../contract/postgres-under-test.js';
import { type LogPosition, positionOf } from '../positions.js';
import { LogGapError } from '../port.js';

const EVENTS = 10;

describe('a log of ten entries of which one is gone', () => {
  let postgres: PostgresUnderTest;
  beforeAll(async () => {
    postgres = await openPostgresUnderTest();
    await postgres.log.append(
      requestFor(
        uniqueName(),
        Array.from({ length: EVENTS }, () => uniqueName()),
      ),
    );
    await postgres.administrator.query('CREATE TABLE gone AS SELECT * FROM log.events WITH NO DATA');
  });
  afterEach(() => postgres.tamper('INSERT INTO log.events SELECT * FROM gone; TRUNCATE gone'));
  afterAll(() => postgres.close());

  const remove = (position: number): Promise<void> =>
    postgres.tamper(
      `WITH removed AS (DELETE FROM log.events WHERE position = ${position} RETURNING *) INSERT INTO gone SELECT * FROM removed`,
    );

  const errorOf = (reading: Promise<unknown>): Promise<unknown> =>
    reading.then(
      () => undefined,
      (error: unknown) => error,
    );

  const gapAt = (position: number) => ({
    name: 'LogGapError',
    position,
    message: expect.stringMatching(
      new RegExp(`no entry at position ${position}, though it goes on to \\d+\\. .*restore the entry from a backup`),
    ),
  });

  /** All that a subscriber is given, and the error that ends it. */
  async function subscribed(after: LogPosition, batchLimit: number): Promise<{ seen: number[]; error: unknown }> {
    const seen: number[] = [];
    const stop = new AbortController();
    const error = await errorOf(
      (async () => {
        for await (const entries of postgres.log.subscribe(after, { signal: stop.signal, batchLimit }))
          seen.push(...entries.map(({ position }) => position));
      })(),
    );
    stop.abort();
    return { seen, error };
  }

  it.each([
    ['the first', 1, 0],
    ['one in the middle', 5, 0],
    ['the next', 5, 4],
    ['the last', EVENTS, 0],
    ['the last, and nothing else is left to read', EVENTS, EVENTS - 1],
  ])('stops whoever reads all (%s: %i, after %i)', async (_which, position, after) => {
    await remove(position);
    const error = await errorOf(postgres.log.readAll(positionOf(after), 100));
    expect(error).toBeInstanceOf(LogGapError);
    expect(error).toMatchObject(gapAt(position));
  });

  it.each([1, 5, EVENTS])('stops a subscriber before position %i, having given all before it', async (position) => {
    await remove(position);
    const { seen, error } = await subscribed(positionOf(0), 1);
    expect(seen).toEqual(Array.from({ length: position - 1 }, (_, index) => index + 1));
    expect(error).toMatchObject(gapAt(position));
  });

  it('gives nothing of a batch that has a gap', async () => {
    await remove(5);
    expect((await subscribed(positionOf(0), 100)).seen).toEqual([]);
    expect(await postgres.log.readAll(positionOf(0), 4)).toHaveLength(4);
    expect(await postgres.log.readAll(positionOf(5), 100)).toHaveLength(5);
  });

  it('is read on once the entry is back', async () => {
    await remove(5);
    await postgres.tamper('INSERT INTO log.events SELECT * FROM gone; TRUNCATE gone');
    expect(await postgres.log.readAll(positionOf(0), 100)).toHaveLength(EVENTS);
  });
});
