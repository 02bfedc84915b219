import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.js';
import { name, request, revision } from '../contract/contract-requests.js';
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
    const stream = name();
    await log.append(request(stream, [name()]));
    const { position } = await log.head();
    await log.append(request(stream, [name(), name()]));
    await log.append(request(stream, [name(), name()]));
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
    [revision(0), 'appended'],
    ['none', 'conflict'],
    [revision(4), 'conflict'],
  ])('judges by what is there now (expecting %s: %s)', async (expected, outcome) => {
    const { log } = postgres;
    const stream = await restoredStream();
    const answer = await log.append(request(stream, [name()], expected));
    const entries = await log.readStream(stream, { limit: 10 });
    expect(answer).toMatchObject(
      outcome === 'appended' ? { outcome, places: [{ revision: 1 }] } : { outcome, actual: 0 },
    );
    expect(entries.map((entry) => entry.revision)).toEqual(outcome === 'appended' ? [0, 1] : [0]);
    expect(entries[1]?.prev).toBe(outcome === 'appended' ? entries[0]?.position : undefined);
  });

  it('starts anew on a log that was emptied', async () => {
    const { log } = postgres;
    const stream = await restoredStream();
    await log.append(request(stream, [name()]));
    await postgres.tamper('TRUNCATE log.events; UPDATE log.head SET position = 0, recorded_at = NULL');
    await postgres.cutConnections();
    await eventually('the pool has noticed', () => postgres.pool.totalCount === 0);
    expect(await log.append(request(stream, [name()]))).toMatchObject({
      outcome: 'appended',
      places: [{ position: 1, revision: 0 }],
    });
  });
});
