import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { inTransaction } from '#postgres';
import { uniqueName, requestFor } from '../contract/contract-requests.js';
import { type PostgresUnderTest, openPostgresUnderTest } from '../contract/postgres-under-test.js';
import { positionOf } from '../positions.js';
import { assertKnownForms } from './known-forms.js';
import { type RecordedEntry, restoreEntries } from './restore-entries.js';

describe('restoring the entries of another log', () => {
  let source: PostgresUnderTest;
  let target: PostgresUnderTest;
  let owner: pg.Pool;
  let entries: readonly RecordedEntry[];
  beforeAll(async () => {
    [source, target] = await Promise.all([openPostgresUnderTest(), openPostgresUnderTest()]);
    const { user, host, port, database } = target.administrator;
    owner = new pg.Pool({ user, host, port, database, max: 1 });
    const stream = uniqueName();
    await source.log.append(requestFor(stream, [uniqueName(), uniqueName()]));
    await source.log.append(requestFor(stream, [uniqueName()]));
    const { rows } = await source.administrator.query<RecordedEntry>(
      `SELECT position::float8 AS position, id, key, type, stream, revision, prev::float8 AS prev, entry AS text,
        (extract(epoch FROM recorded_at) * 1000)::float8 AS "recordedAt" FROM log.events ORDER BY position`,
    );
    entries = rows;
  });
  afterAll(async () => {
    await owner.end();
    await Promise.all([source.close(), target.close()]);
  });

  const restored = (...batches: readonly (readonly RecordedEntry[])[]): Promise<void> =>
    inTransaction(owner, async (client) => {
      for (const batch of batches) await restoreEntries(client, batch);
    });

  it('is refused to the application', async () => {
    await expect(inTransaction(target.pool, (client) => restoreEntries(client, entries))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('refuses entries that do not follow each other, and keeps none of them', async () => {
    await expect(restored(entries.slice(0, 1), entries.slice(2))).rejects.toThrow('do not follow on position 1');
    expect((await target.log.head()).position).toBe(0);
  });

  it('stores them as they were recorded, in as many calls as it takes, and lets the log continue', async () => {
    await restored(entries.slice(0, 2), entries.slice(2));
    expect(await target.log.readAll(positionOf(0), 10)).toEqual(await source.log.readAll(positionOf(0), 10));
    expect(await target.log.head()).toEqual(await source.log.head());
    const next = await target.log.append(requestFor(uniqueName(), [uniqueName()]));
    expect(next).toMatchObject({ outcome: 'appended', locations: [{ position: 4 }] });
  });

  it('lets no program start over entries in a form that only a newer one knows', async () => {
    await assertKnownForms(target.pool);
    const { text = '', ...rest } = entries[0] ?? fail();
    const newer = text.replace(/"v":1[}]$/, '"v":3}');
    expect(newer).not.toBe(text);
    const elsewhere = await openPostgresUnderTest();
    const { user, host, port, database } = elsewhere.administrator;
    const elsewhereOwner = new pg.Pool({ user, host, port, database, max: 1 });
    await inTransaction(elsewhereOwner, (client) => restoreEntries(client, [{ ...rest, text: newer }]));
    await expect(assertKnownForms(elsewhere.pool)).rejects.toMatchObject({
      name: 'LogStartError',
      message: expect.stringContaining(`in stored form 3, like "${rest.key}"; this program reads forms up to 2`),
    });
    await elsewhereOwner.end();
    await elsewhere.close();
  });

  it('refuses a log that has entries from before the transaction', async () => {
    const next = { ...(entries[0] ?? fail()), position: 5, key: uniqueName() };
    await expect(restored([next])).rejects.toMatchObject({ code: '55000' });
    expect((await target.log.head()).position).toBe(4);
  });
});

function fail(): never {
  throw new Error('There is no entry.');
}
