import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { createTestDatabase } from '../../support/databases/database.js';
import { eventually } from '../../support/eventually.js';
import { KurrentDouble } from '../../support/kurrentdb/double.js';
import { type TestApplication, parseLines, runApplication, startOn } from '../running-application.js';
import { describeWorkedExample } from '../reads/worked-example.js';

const servers: KurrentDouble[] = [];

async function openServer(): Promise<KurrentDouble> {
  const server = await KurrentDouble.open();
  servers.push(server);
  return server;
}

afterAll(() => {
  for (const server of servers) server.close();
});

describeWorkedExample(', with the log in KurrentDB', async () =>
  runApplication({ KURRENTDB_URL: (await openServer()).url }),
);

describe('the application with the log in KurrentDB', () => {
  let server: KurrentDouble;
  let application: TestApplication;
  const registration = { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' };

  beforeAll(async () => {
    server = await openServer();
    application = await runApplication({ KURRENTDB_URL: server.url });
  });
  afterAll(() => application.stop());

  it('answers writes with their positions, and repeats with the same', async () => {
    const first = await application.post<object>('/v1/policies', registration, { 'idempotency-key': 'one' });
    expect([first.status, first.body]).toEqual([201, expect.objectContaining({ position: 1, revision: 0 })]);
    const again = await application.post('/v1/policies', registration, { 'idempotency-key': 'one' });
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([201, 'true', first.body]);
    expect((await application.post('/v1/policies', registration)).body).toEqual(first.body);
    expect((await application.get('/v1/policies/ferry')).status).toBe(200);
  });

  it('says how it stands with the store', async () => {
    const { body } = await application.get<{ readonly store: object }>('/readyz');
    expect(body.store).toEqual({
      sequencerSeenMs: expect.any(Number),
      disregarded: 0,
      limitedStreams: 0,
      findings: { altered: 0, blanked: 0, missing: 0, added: 0 },
      examples: [],
      comparedAt: expect.any(String),
    });
    const metrics = String((await application.get('/metrics')).body);
    expect(metrics).toMatch(/^policy_timeline_store_findings\{kind="missing"\} 0$/m);
    expect(metrics).toMatch(/^policy_timeline_sequencer_seen_seconds [0-9.e-]+$/m);
  });

  it('gives what others wrote into its streams a position, and lists it as an anomaly', async () => {
    const client = KurrentDBClient.connectionString(server.url);
    await client.appendToStream('policy_timeline-policy-ferry', {
      id: '6f1c1b62-0000-4000-8000-000000000000',
      type: 'policy.ended',
      data: { by: 'hand' },
      contentType: 'application/json',
      metadata: {},
    });
    await client.dispose();
    await eventually('it is mirrored', async () => (await application.head()) === 2);
    const { body } = await application.get<{ readonly items: readonly object[] }>(
      '/v1/anomalies?policy=ferry&atLeast=2',
    );
    expect(body.items).toEqual([
      expect.objectContaining({ kind: 'not-ours', position: 2, event: 'disregarded:policy-ferry/1' }),
    ]);
    expect((await application.get<{ readonly state: object }>('/v1/policies/ferry')).body.state).toEqual({});
  });

  it('refuses to start without the store, and a store for a log that was begun in PostgreSQL', async () => {
    await expect(startOn(application.databaseUrl)).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringContaining('kept in KurrentDB. Start with KURRENTDB_URL'),
    });
    const database = await createTestDatabase();
    await (await startOn(database.url)).stop();
    await expect(startOn(database.url, { KURRENTDB_URL: server.url })).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringContaining('kept in PostgreSQL. Start without it'),
    });
    await database.drop();
  });
});

describe('a store that may forget events', () => {
  it('is refused by name of stream and limit, until the limit is taken back', async () => {
    const server = await openServer();
    const database = await createTestDatabase();
    const variables = { KURRENTDB_URL: server.url };
    const started = await startOn(database.url, variables);
    await started.stop();
    const client = KurrentDBClient.connectionString(server.url);
    await client.setStreamMetadata('policy_timeline-policy-ferry', { maxCount: 2 });
    await expect(startOn(database.url, variables)).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringMatching(/"policy-ferry" keeps 2 events \(\$maxCount\).*Remove these limits/),
    });
    await client.setStreamMetadata('policy_timeline-policy-ferry', {});
    await client.dispose();
    await (await startOn(database.url, variables)).stop();
    await database.drop();
  });

  it('of another log is refused as well', async () => {
    const database = await createTestDatabase();
    const first = await startOn(database.url, { KURRENTDB_URL: (await openServer()).url });
    await importExample(first.url);
    await first.stop();
    await expect(startOn(database.url, { KURRENTDB_URL: (await openServer()).url })).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringContaining('KURRENTDB_URL names another store'),
    });
    await database.drop();
  });
});

async function importExample(url: string): Promise<void> {
  const response = await checkedFetch(`${url}/v1/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: parseLines('../worked-example/events.ndjson').join('\n'),
  });
  expect(await response.text()).toContain('"rejected":0');
}
