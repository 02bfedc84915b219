import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.js';
import { uniqueName, requestFor, revisionAt } from '../contract/contract-requests.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../contract/postgres-under-test.js';
import type { ExpectedRevision } from '../port.js';

describe('a log whose server was restored to an earlier state under a running process', () => {
  let postgres: PostgresUnderTest;
  beforeAll(async () => {
    postgres = await openPostgresUnderTest();
  });
  afterAll(() => postgres.close());

  /** A stream of five events, of which only the first is left when every connection was cut. */
  async function restoredStream(): Promise<string> {
    const { log, pool } = postgres;
    const stream = uniqueName();
    await log.append(requestFor(stream, [uniqueName()]));
    const { position } = await log.head();
    await log.append(requestFor(stream, [uniqueName(), uniqueName()]));
    await log.append(requestFor(stream, [uniqueName(), uniqueName()]));
    await postgres.tamper(
      `DELETE FROM log.events WHERE position > ${position}; UPDATE log.head SET position = ${position}`,
    );
    await postgres.cutConnections();
    await eventually('the pool has noticed', () => pool.totalCount === 0);
    return stream;
  }

  it.each<[ExpectedRevision, string]>([
    ['any', 'appended'],
    ['exists', 'appended'],
    [revisionAt(0), 'appended'],
    ['none', 'conflict'],
    [revisionAt(4), 'conflict'],
  ])('judges by what is there now (expecting %s: %s)', async (expected, outcome) => {
    const { log } = postgres;
    const stream = await restoredStream();
    const answer = await log.append(requestFor(stream, [uniqueName()], expected));
    const entries = await log.readStream(stream, { limit: 10 });
    expect(answer).toMatchObject(
      outcome === 'appended' ? { outcome, locations: [{ revision: 1 }] } : { outcome, actual: 0 },
    );
    expect(entries.map((entry) => entry.revision)).toEqual(outcome === 'appended' ? [0, 1] : [0]);
    expect(entries[1]?.prev).toBe(outcome === 'appended' ? entries[0]?.position : undefined);
  });

  it('starts anew on a log that was emptied', async () => {
    const { log } = postgres;
    const stream = await restoredStream();
    await log.append(requestFor(stream, [uniqueName()]));
    await postgres.tamper('TRUNCATE log.events; UPDATE log.head SET position = 0, recorded_at = NULL');
    await postgres.cutConnections();
    await eventually('the pool has noticed', () => postgres.pool.totalCount === 0);
    expect(await log.append(requestFor(stream, [uniqueName()]))).toMatchObject({
      outcome: 'appended',
      locations: [{ position: 1, revision: 0 }],
    });
  });
});
