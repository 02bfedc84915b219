import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type MoveRequest, switchLog } from '../../../apps/switch-log/src/switch-log.js';
import { readConfiguration } from '../../../libs/runtime/src/index.js';
import { type TestDatabase, createTestDatabase } from '../../support/databases/database.js';
import { eventually } from '../../support/eventually.js';
import { KurrentDouble } from '../../support/kurrentdb/double.js';
import type { State } from '../reads/answers.js';
import { clientOf, parseLines, startOn } from '../running-application.js';

describe('switching where the log is kept', () => {
  let server: KurrentDouble;
  let database: TestDatabase;
  const told: string[] = [];

  beforeAll(async () => {
    server = await KurrentDouble.open();
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    told.length = 0;
  });
  afterEach(() => database.drop());
  afterAll(() => server.close());

  function switchTo(to: MoveRequest['to'], url = server.url) {
    const outcome = readConfiguration({ DATABASE_URL: database.url, KURRENTDB_URL: url }, '/');
    if (!outcome.ok) throw new Error(outcome.mistakes.join());
    return switchLog(outcome.configuration, { to, tell: (progress) => void told.push(progress) });
  }

  /** Starts the application, does something with it, and stops it. */
  async function with_<Result>(
    variables: Readonly<Record<string, string>>,
    work: (client: ReturnType<typeof clientOf>) => Promise<Result>,
  ): Promise<Result> {
    const application = await startOn(database.url, variables);
    try {
      return await work(clientOf(application.url));
    } finally {
      await application.stop();
    }
  }

  const register = (client: ReturnType<typeof clientOf>, slug: string) =>
    client.post<{ readonly position: number }>('/v1/policies', {
      slug,
      title: slug,
      kind: 'scheme',
      jurisdiction: 'GB',
    });

  const example = async (client: ReturnType<typeof clientOf>): Promise<number> => {
    await client.importLines(parseLines('../worked-example/events.ndjson'));
    return client.head();
  };

  /** What is made from the log's first entries, as anybody can see it. */
  async function seen(client: ReturnType<typeof clientOf>, upTo: number): Promise<unknown> {
    const at = `limit=1000&recordedAt=@${upTo}&knownAt=2026-01-01&validAt=2026-01-01`;
    const events = await client.get<{ readonly items: readonly object[] }>(`/v1/events?records=true&${at}`);
    const policies = await client.get<{ readonly items: readonly State[] }>(`/v1/policies?${at}`);
    expect(events.body.items.length + policies.body.items.length).toBeGreaterThan(10);
    return [events.body.items, policies.body.items.map(({ policy, state }) => [policy, state])];
  }

  async function query<Row extends object>(statement: string): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<Row>(statement);
    await client.end();
    return rows;
  }

  it('moves a log to KurrentDB and back, entry by entry, with the same answers', async () => {
    const store = await KurrentDouble.open();
    const there = { KURRENTDB_URL: store.url };
    const [before, head] = await with_({}, async (client) => {
      const last = await example(client);
      return [await seen(client, last), last] as const;
    });
    const moved = await switchTo('kurrentdb', store.url);
    expect(moved).toEqual({ to: 'kurrentdb', entries: head, root: expect.stringMatching(/^.{43}=$/) });
    expect(told).toEqual([
      'Writes are refused from now on.',
      expect.any(String),
      `PostgreSQL: ${head} entries, root ${moved.root}`,
      `KurrentDB:  ${head} entries, root ${moved.root}`,
    ]);
    await expect(startOn(database.url)).rejects.toThrow('kept in KurrentDB');
    await with_(there, async (client) => {
      expect(await seen(client, head)).toEqual(before);
      expect((await register(client, 'bridge')).body.position).toBe(head + 1);
      // What the log does not take moves as well.
      const writer = KurrentDBClient.connectionString(store.url);
      await writer.appendToStream('policy_timeline-policy-bridge', {
        id: '6f1c1b62-0000-4000-8000-000000000000',
        type: 'by-hand',
        data: {},
        contentType: 'application/json',
        metadata: {},
      });
      await writer.dispose();
      await eventually('it is mirrored', async () => (await client.head()) === head + 2);
    });
    const back = await switchTo('postgres', store.url);
    expect(back.entries).toBe(head + 2);
    await expect(startOn(database.url, there)).rejects.toThrow('kept in PostgreSQL');
    await with_({}, async (client) => {
      expect(await seen(client, head)).toEqual(before);
      expect((await register(client, 'tunnel')).body.position).toBe(head + 3);
    });
    // The store has the beginning: only the rest is copied. And another store takes it all.
    expect((await switchTo('kurrentdb', store.url)).entries).toBe(head + 3);
    await switchTo('postgres', store.url);
    expect((await switchTo('kurrentdb')).entries).toBe(head + 3);
    await with_({ KURRENTDB_URL: server.url }, async (client) => {
      expect((await register(client, 'canal')).body.position).toBe(head + 4);
      const { body } = await client.get<{ readonly store: object }>('/readyz');
      expect(body.store).toMatchObject({ disregarded: 1, findings: { altered: 0, blanked: 0, missing: 0, added: 0 } });
    });
    store.close();
  }, 120_000);

  it('says where store and log differ, lets nobody write then, and can be given up', async () => {
    const store = await KurrentDouble.open();
    await with_({}, (client) => register(client, 'ferry'));
    const writer = KurrentDBClient.connectionString(store.url);
    await writer.appendToStream('policy_timeline-policy-other', {
      id: '6f1c1b62-0000-4000-8000-000000000000',
      type: 'by-hand',
      data: {},
      contentType: 'application/json',
      metadata: {},
    });
    await writer.dispose();
    await expect(switchTo('kurrentdb', store.url)).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringContaining('they differ from position 1 on'),
    });
    await expect(startOn(database.url)).rejects.toThrow('is being moved');
    store.close();
    expect(await switchTo('postgres', store.url)).toMatchObject({ entries: 1 });
    await with_({}, async (client) => expect((await register(client, 'bridge')).body.position).toBe(2));
  }, 60_000);

  it('does not take what was altered in the store back', async () => {
    const store = await KurrentDouble.open();
    const there = { KURRENTDB_URL: store.url };
    await with_(there, (client) => example(client));
    await query('ALTER TABLE log.events DISABLE TRIGGER events_only_grow');
    const [tampered] = await query<{ readonly position: string; readonly entry: string }>(
      "UPDATE log.events SET entry = replace(entry, 'The Port', 'A Port') WHERE key = 'toll-proposed' RETURNING position, entry",
    );
    expect(tampered?.entry).toContain('A Port Board proposed');
    await expect(switchTo('postgres', store.url)).rejects.toThrow(`differ from position ${tampered?.position} on`);
    expect(await switchTo('kurrentdb', store.url)).toMatchObject({ to: 'kurrentdb' });
    store.close();
  }, 60_000);
});
