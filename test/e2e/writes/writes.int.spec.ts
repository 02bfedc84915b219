import { type ClientRequest, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { lockSession } from '#postgres';
import type { Event, ProblemAnswer, State } from '../reads/answers.js';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { eventually } from '../../support/eventually.js';
import { IMPORTS_AT_ONCE } from '../../../apps/api/src/answers/import-places.js';
import { clientOf, runApplication, startOn, type TestApplication } from '../running-application.js';

interface Place {
  readonly id: string;
  readonly key: string;
  readonly position: number;
  readonly revision: number;
  readonly recordedAt: string;
}

const body = (key: string, changes: Readonly<Record<string, unknown>> = {}) => ({
  key,
  type: 'policy.announced',
  policy: 'ferry',
  occurred: '2024-01-01',
  publishedAt: '2024-01-02',
  summary: 'A ferry was announced.',
  epistemic: 'confirmed',
  sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: '2024-01-02', genre: 'news' }],
  ...changes,
});

describe('writing', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await runApplication();
  });
  afterAll(() => application.stop());

  const path = '/v1/policies/ferry/events';
  const record = (key: string, changes = {}, headers = {}) =>
    application.post<Place>(path, body(key, changes), headers);

  it('registers a policy', async () => {
    const policy = { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB', aliases: ['boat'] };
    const first = await application.post<Place>('/v1/policies', policy);
    expect([first.status, first.headers.get('location')]).toEqual([201, `${application.url}/v1/policies/ferry`]);
    const again = await application.post<Place>('/v1/policies', policy);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await application.get<State>('/v1/policies/ferry')).body).toMatchObject({
      policy: 'ferry',
      title: 'Ferry',
      state: {},
      uncertain: [],
      eventCount: 0,
    });
  });

  it('records an event, and shows it at once', async () => {
    const { status, headers, body: place } = await record('announced');
    expect(status).toBe(201);
    expect(place).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      key: 'announced',
      position: 2,
      revision: 1,
      recordedAt: expect.stringMatching(/Z$/),
      warnings: [],
      changed: ['status'],
    });
    const location = headers.get('location') ?? '';
    expect((await application.get<Event>(location)).body).toMatchObject({ key: 'announced', position: 2 });
    expect((await application.get<Event>(`/v1/events/${place.id}`)).body.key).toBe('announced');
    expect((await application.get<State>('/v1/policies/ferry')).body.state).toEqual({ status: 'announced' });
  });

  it('answers the first place when the same event is sent again', async () => {
    const first = await record('again');
    const second = await record('again');
    expect([first.status, second.status, second.body]).toEqual([201, 200, first.body]);
    const other = await application.post<ProblemAnswer>(path, body('again', { summary: 'Something else.' }));
    expect(other.status).toBe(422);
  });

  it('answers the same for the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await record('keyed', {}, headers);
    const second = await record('keyed', {}, headers);
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    const other = await application.post<ProblemAnswer>(path, body('other'), headers);
    expect([other.status, other.body.type]).toEqual([422, 'urn:policy-timeline:problem:idempotency-key-reused']);
    // Only what was recorded keeps its key.
    expect((await record('refused', { occurred: 'never' }, { 'idempotency-key': 'twice' })).status).toBe(422);
    expect((await record('refused', {}, { 'idempotency-key': 'twice' })).status).toBe(201);
    expect((await record('x', {}, { 'idempotency-key': 'k'.repeat(256) })).status).toBe(400);
    expect((await record('x', {}, { 'idempotency-key': 'k'.repeat(255) })).status).toBe(201);
  });

  it('records only upon the revision that the client knows', async () => {
    const { revision } = (await record('latest')).body;
    expect((await record('stale', {}, { 'if-match': `"${revision - 1}"` })).status).toBe(412);
    expect((await record('fresh', {}, { 'if-match': `"${revision}"` })).status).toBe(201);
    // What is there already is judged before the revision.
    expect((await record('fresh', {}, { 'if-match': `"${revision}"` })).status).toBe(200);
    for (const malformed of ['three', '3', '"3" and "4"'])
      expect((await record('bad', {}, { 'if-match': malformed })).status).toBe(400);
  });

  it('records upon any of the revisions that the client lists, or whatever the last is', async () => {
    const { revision } = (await record('listed')).body;
    const tag = (of: number): string => `"${of}"`;
    expect((await record('none-of', {}, { 'if-match': `${tag(revision - 1)}, "x", W/${tag(revision)}` })).status).toBe(
      412,
    );
    expect((await record('no-revision', {}, { 'if-match': '"x"' })).status).toBe(412);
    const any = await record(
      'any-of',
      {},
      { 'if-match': `${tag(revision + 7)},${tag(revision)}, ${tag(revision - 1)}` },
    );
    expect([any.status, any.body.revision]).toEqual([201, revision + 1]);
    expect((await record('whatever', {}, { 'if-match': '*' })).status).toBe(201);
  });

  it('shows each of many concurrent writes in the read that follows it', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => `busy-${index}`);
    const seen = await Promise.all(
      keys.map(async (key) => {
        const { status } = await record(key);
        return [status, (await application.get<Event>(`/v1/events/${key}`)).status];
      }),
    );
    expect(seen).toEqual(keys.map(() => [201, 200]));
  });

  it('waits for a position to come, and says how far it is when it does not', async () => {
    const { position } = (await record('awaited')).body;
    expect((await application.get(`/v1/policies/ferry?atLeast=${position}`)).status).toBe(200);
    const late = await application.get<ProblemAnswer>(`/v1/policies/ferry?atLeast=${position + 1}`);
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1']);
    expect(late.body.detail).toContain(String(position));
  }, 15_000);

  it('imports the same file twice without recording anything twice', async () => {
    const lines = [
      { policy: { slug: 'tunnel', title: 'Tunnel', kind: 'scheme', jurisdiction: 'GB' } },
      body('late', { policy: 'tunnel', links: [{ rel: 'about', to: 'later' }] }),
      body('later', { policy: 'tunnel' }),
    ];
    const first = await application.importLines(lines);
    expect(first.map(({ result }) => result)).toEqual(['recorded', 'recorded', 'recorded', undefined]);
    const second = await application.importLines(lines);
    expect(second.map(({ result, position }) => [result, position])).toEqual(
      first.map(({ result, position }) => [result && 'repeated', position]),
    );
    expect((await application.get<State>('/v1/policies/tunnel')).body.eventCount).toBe(2);
  });

  it('goes on after a client that left in the middle of an import', async () => {
    const before = await application.head();
    const left = new AbortController();
    const lines = async function* () {
      yield Buffer.from(`${JSON.stringify(body('abandoned'))}\n`);
      left.abort();
      await new Promise((resolve) => setImmediate(resolve));
      yield Buffer.from(`${JSON.stringify(body('abandoned-too'))}\n`);
    };
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines(),
      duplex: 'half',
      signal: left.signal,
    };
    await expect(checkedFetch(`${application.url}/v1/imports`, init as RequestInit)).rejects.toThrow();
    expect((await record('afterwards')).status).toBe(201);
    expect(await application.head()).toBe(before + 1);
  });

  const importing = (): ClientRequest => {
    const options = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } };
    return request(`${application.url}/v1/imports`, options).on('error', () => undefined);
  };
  const anotherImport = async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } };
    const { status, headers } = await checkedFetch(`${application.url}/v1/imports`, init);
    return [status, headers.get('retry-after')];
  };
  const isFull = async () => (await anotherImport())[0] === 503;
  const isFree = async () => (await anotherImport())[0] === 200;

  it('takes so many imports at once, and records nothing for a client that hung up before its turn', async () => {
    const policy = (slug: string) => ({ slug, title: slug, kind: 'scheme', jurisdiction: 'GB' });
    const other = new pg.Client({ connectionString: application.databaseUrl });
    await other.connect();
    await lockSession(other, 'naming');
    const waiting = importing();
    waiting.end(JSON.stringify({ policy: policy('hung-up') }));
    await eventually('the import waits to give names', async () => {
      // The server has databases of other specs, too.
      const { rowCount } = await other.query(
        "SELECT FROM pg_locks JOIN pg_database d ON d.oid = database WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted",
      );
      return rowCount === 1;
    });
    const slow = Array.from({ length: IMPORTS_AT_ONCE - 1 }, importing);
    for (const upload of slow) upload.write('{"policy": ');
    await eventually('all places are taken', isFull);
    expect(await anotherImport()).toEqual([503, '5']);
    waiting.destroy();
    await eventually('the place of the one that hung up is free', isFree);
    await other.end();
    // Names are given one after another: what waited before this has ended.
    expect((await application.post('/v1/policies', policy('after-hung-up'))).status).toBe(201);
    expect((await application.get('/v1/policies/hung-up')).status).toBe(404);
    for (const upload of slow) upload.destroy();
  });

  it('keeps everything over a new start on the same data', async () => {
    const asked = `/v1/policies/ferry?recordedAt=@${await application.head()}&knownAt=2024-06-01&validAt=2024-06-01`;
    const before = await application.get<State>(asked);
    const second = await startOn(application.databaseUrl);
    const after = await clientOf(second.url).get<State>(asked);
    await second.stop();
    expect(after.body).toEqual({ ...before.body, url: after.body.url, meta: after.body.meta });
    await expect(startOn(application.databaseUrl, { TIME_ZONE: 'Pacific/Auckland' })).rejects.toThrow(/Europe\/London/);
  });
});
