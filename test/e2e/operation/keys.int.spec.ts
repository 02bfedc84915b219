import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { eventually } from '../../support/eventually.js';
import { inProcess } from '../cli/running-ptl.js';
import type { ProblemAnswer } from '../reads/answers.js';
import { sampleEvent } from '../writes/sample-event.js';
import { runApplication, startOn, type TestApplication } from '../running-application.js';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly 'x-role': string }>>>>;
}

interface Recorded {
  readonly items: readonly { readonly key: string; readonly recordedBy?: string }[];
}

interface Issued {
  readonly id: string;
  readonly key: string;
  readonly role: string;
}

const ROLES = ['reader', 'recorder', 'operator'] as const;

/** The routes that need more than a reader's role, or none. All others need a reader's. */
const NEEDED: Readonly<Record<string, string>> = {
  'get /livez': 'anyone',
  'get /readyz': 'anyone',
  'get /metrics': 'operator',
  'post /v1/policies': 'recorder',
  'post /v1/policies/{slug}/events': 'recorder',
  'post /v1/imports': 'recorder',
  'post /v1/projections/{name}/rebuild': 'operator',
  'delete /v1/projections/{name}/rebuild': 'operator',
  'delete /v1/projections/{name}/replaced': 'operator',
  'post /v1/projections/{name}/set-aside/{event}/retry': 'operator',
  'post /v1/projections/{name}/set-aside/{event}/discard': 'operator',
  'post /v1/keys': 'operator',
  'get /v1/keys': 'operator',
  'delete /v1/keys/{id}': 'operator',
  'get /v1/sessions': 'operator',
  'delete /v1/sessions/{id}': 'operator',
};

const CONFIGURED = 'a-key-that-only-the-configuration-knows';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('a service with keys', () => {
  let open: TestApplication;
  let closed: { readonly url: string; stop(): Promise<void> };
  let routes: readonly { readonly route: string; readonly role: string }[];
  const keys = new Map<string, string>();

  beforeAll(async () => {
    open = await runApplication();
    const { body } = await open.get<Document>('/openapi.json');
    routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, role: operation['x-role'] })),
    );
    const refused = await open.post<ProblemAnswer>('/v1/keys', { name: 'early', role: 'recorder' });
    expect([refused.status, refused.body.errors?.[0]?.code]).toEqual([422, 'first-key']);
    const first = await inProcess(['keys', 'create', '--name', 'first', '--role', 'operator'], { PTL_URL: open.url });
    keys.set('operator', first.out.trim());
    for (const role of ['reader', 'recorder']) {
      const { status, body: issued } = await issue({ name: `a ${role}`, role });
      expect([status, issued.key]).toEqual([201, expect.stringMatching(/^ptl_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}$/)]);
      keys.set(role, issued.key);
    }
    closed = await startOn(open.databaseUrl, { READS: 'keys', API_KEYS: `laptop:reader:${sha256(CONFIGURED)}` });
  });
  afterAll(async () => {
    await closed.stop();
    await open.stop();
  });

  const keyOf = (role: string): string => keys.get(role) ?? '';
  const issue = (body: object) => open.post<Issued>('/v1/keys', body, bearer(keyOf('operator')));

  async function send(url: string, route: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const [method = '', path = ''] = route.split(' ');
    const address = `${url}${path.replace(/\{\w+\}/g, 'nothing')}`;
    const response = await checkedFetch(address, { method: method.toUpperCase(), headers, redirect: 'manual' });
    await response.body?.cancel();
    return response.status;
  }

  it('has a role for each route', () => {
    expect(routes.length).toBeGreaterThan(45);
    const declared = routes.filter(({ role }) => role !== 'reader').map(({ route, role }) => [route, role]);
    expect(Object.fromEntries(declared)).toEqual(NEEDED);
    expect(routes.filter(({ role }) => role === undefined)).toEqual([]);
  });

  it.each(['none', ...ROLES])('answers each route to whoever has the role that it needs: %s', async (sender) => {
    const headers = sender === 'none' ? {} : bearer(keyOf(sender));
    const reached = sender === 'none' ? 'reader' : sender;
    const judged = routes.map(async ({ route, role }) => {
      const isEnough =
        role === 'anyone' || ROLES.findIndex((each) => each === role) <= ROLES.findIndex((each) => each === reached);
      const status = await send(open.url, route, headers);
      const refused = sender === 'none' ? 401 : 403;
      expect([route, isEnough ? [401, 403].includes(status) : status]).toEqual([route, isEnough ? false : refused]);
    });
    await Promise.all(judged);
  });

  it('lets nobody read without a key when it is told so, but says whether it is alive', async () => {
    const judged = routes.map(async ({ route, role }) => {
      expect([route, (await send(closed.url, route, {})) === 401]).toEqual([route, role !== 'anyone']);
    });
    await Promise.all(judged);
    for (const page of ['/', '/policies/x', '/embed/policies/x', '/docs', '/docs/']) {
      const status = await send(closed.url, `get ${page}`, { accept: 'text/html' });
      expect([page, status]).toEqual([page, 401]);
    }
    expect(await send(closed.url, 'get /v1/policies', bearer(CONFIGURED))).toBe(200);
    expect(await send(closed.url, 'get /policies', bearer(CONFIGURED))).toBe(200);
  });

  it.each([
    ['with the key as password', (key: string) => `Basic ${Buffer.from(`any:${key}`).toString('base64')}`, 404],
    ['in other letters', (key: string) => `bearer ${key}`, 404],
    ['without a scheme', (key: string) => key, 401],
    ['with a scheme of another kind', (key: string) => `Digest ${key}`, 401],
    ['with a password that is none', () => `Basic ${Buffer.from('any:').toString('base64')}`, 401],
    ['with the key as user', (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`, 401],
    ['with a user alone', (key: string) => `Basic ${Buffer.from(key).toString('base64')}`, 401],
    ['with two keys', (key: string) => `Bearer ${key} ${key}`, 401],
    ['with a digit less', (key: string) => `Bearer ${key.slice(0, -1)}`, 401],
    ['with another digit', (key: string) => `Bearer ${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`, 401],
    ['with its hash', (key: string) => `Bearer ${sha256(key)}`, 401],
    ['with an unsigned token', () => 'Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoib3BlcmF0b3IifQ.', 401],
    ['with nothing', () => 'Bearer', 401],
  ])('reads a credential %s', async (_how, authorization, status) => {
    for (const route of ['delete /v1/keys/nothing', ...(status === 401 ? ['get /v1/policies'] : [])]) {
      const [method = '', path = ''] = route.split(' ');
      const headers = { authorization: authorization(keyOf('operator')) };
      const response = await checkedFetch(`${open.url}${path}`, { method, headers });
      expect([route, response.status]).toEqual([route, status]);
      const challenge = response.headers.get('www-authenticate');
      if (status === 401) expect(challenge).toMatch(/^Bearer .*error="invalid_token".*, Basic /);
    }
  });

  it('asks for a key with a challenge, and refuses a page of another site whatever key its browser knows', async () => {
    const missing = await open.post<ProblemAnswer>('/v1/policies', {});
    expect([missing.status, missing.body.type]).toEqual([401, 'urn:policy-timeline:problem:key-missing']);
    expect(missing.headers.get('www-authenticate')).toMatch(/^Bearer realm="Policy Timeline", Basic realm=/);
    const basic = { authorization: `Basic ${Buffer.from(`any:${keyOf('operator')}`).toString('base64')}` };
    const foreign = await open.post('/v1/policies', {}, { ...basic, origin: 'https://elsewhere.example' });
    expect(foreign.status).toBe(403);
    expect((await open.get<{ writes: string }>('/v1/about')).body.writes).toBe('closed');
    expect((await open.get<{ writes: string }>('/v1/about', basic)).body.writes).toBe('open');
  });

  it('lets a recorder write through a proxy, and nobody else', async () => {
    const body = { slug: 'light-tower', title: 'Light tower', kind: 'scheme', jurisdiction: 'GB' };
    const forwarded = { 'x-forwarded-for': '10.0.0.7', host: 'policies.example' };
    expect((await open.post('/v1/policies', body, forwarded)).status).toBe(401);
    expect((await open.post('/v1/policies', body, { ...forwarded, ...bearer(keyOf('reader')) })).status).toBe(403);
    expect((await open.post('/v1/policies', body, { ...forwarded, ...bearer(keyOf('recorder')) })).status).toBe(201);
  });

  it('refuses a key in an address, and does not repeat it', async () => {
    for (const address of [
      `/v1/policies?key=${keyOf('reader')}`,
      `/v1/policies/${keyOf('reader')}`,
      `/${keyOf('reader')}`,
    ]) {
      const { status, body } = await open.get<ProblemAnswer>(address);
      expect([status, body.type]).toEqual([400, 'urn:policy-timeline:problem:key-in-address']);
      expect(JSON.stringify(body)).not.toContain(keyOf('reader').slice(16));
    }
  });

  it('keeps nothing but hashes, and shows no key again', async () => {
    const client = new Client({ connectionString: open.databaseUrl });
    await client.connect();
    const { rows } = await client.query('SELECT keys::text AS row, encode(sha256, $1) AS hash FROM access.keys', [
      'hex',
    ]);
    await client.end();
    expect(rows.map(({ hash }) => hash).sort()).toEqual([...keys.values()].map(sha256).sort());
    const listed = JSON.stringify((await open.get('/v1/keys', bearer(keyOf('operator')))).body);
    const metrics = String((await open.get('/metrics', bearer(keyOf('operator')))).body);
    for (const key of keys.values())
      for (const text of [JSON.stringify(rows), listed, metrics]) {
        expect(text).not.toContain(key.slice(15));
        expect(text).not.toContain(key.slice(15, 40));
      }
    expect(listed).not.toContain(sha256(keyOf('reader')));
  });

  it('refuses a revoked key within a second in every process, and an expired one at once', async () => {
    const { body: lent } = await issue({ name: 'lent', role: 'reader' });
    const statusAt = (url: string) => send(url, 'get /v1/policies', bearer(lent.key));
    await eventually('the other process knows the key', async () => (await statusAt(closed.url)) === 200);
    const revoke = () => inProcess(['keys', 'revoke', lent.id], { PTL_URL: open.url, PTL_KEY: keyOf('operator') });
    expect((await revoke()).out).toBe(`${lent.id}: revoked\n`);
    const began = performance.now();
    expect(await statusAt(open.url)).toBe(401);
    await eventually('the other process refuses it', async () => (await statusAt(closed.url)) === 401);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect((await revoke()).out).toBe(`${lent.id}: revoked\n`);
    const { body: past } = await issue({ name: 'past', role: 'reader', expiresAt: '2020-01-01T00:00:00Z' });
    expect(await send(open.url, 'get /v1/policies', bearer(past.key))).toBe(401);
  });

  it('says who recorded an event to recorders and operators alone, and lists only for them by recorder', async () => {
    const [reader, recorder, operator] = ROLES.map((role) => bearer(keyOf(role)));
    const { body: second } = await issue({ name: 'second', role: 'recorder' });
    await open.post('/v1/policies', { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' }, recorder);
    for (const [key, by] of [
      ['one', recorder],
      ['two', bearer(second.key)],
    ] as const)
      // prettier-ignore
      expect((await open.post('/v1/policies/ferry/events', sampleEvent(key), by)).status).toBe(201);
    const importing = await checkedFetch(`${open.url}/v1/imports`, {
      method: 'POST',
      headers: { ...recorder, 'content-type': 'application/x-ndjson' },
      body: JSON.stringify(sampleEvent('three')),
    });
    expect(await importing.text()).toContain('"recorded"');

    const first = keyOf('recorder').split('_')[1];
    const pinned = 'knownAt=2026-01-01&validAt=2026-01-01&recordedAt=@4&order=recorded';
    for (const path of [`/v1/events?${pinned}`, `/v1/policies/ferry/timeline?${pinned}`]) {
      const shown = async (headers: Readonly<Record<string, string>> = {}) => open.get<Recorded>(path, headers);
      const told = await shown(recorder);
      expect(told.body.items.map(({ key, recordedBy }) => [key, recordedBy])).toEqual([
        ['one', first],
        ['two', second.id],
      ]);
      expect((await shown(operator)).body).toEqual(told.body);
      const untold = await shown(reader);
      expect(untold.body.items.map(({ key, recordedBy }) => [key, recordedBy])).toEqual([
        ['one', undefined],
        ['two', undefined],
      ]);
      expect((await shown()).body).toEqual(untold.body);
      // Neither is ever taken for the other.
      const tags = [told, untold].map(({ headers }) => String(headers.get('etag')));
      expect(new Set(tags).size).toBe(2);
      expect((await shown({ ...reader, 'if-none-match': tags[0] ?? '' })).status).toBe(200);
      expect((await shown({ ...recorder, 'if-none-match': tags[0] ?? '' })).status).toBe(304);
      expect(told.headers.get('cache-control')).toMatch(/^private, /);
      expect(told.headers.get('vary')).toContain('authorization');

      const by = `${path.replace(/recordedAt=@4/, `recordedAt=@5`)}&recordedBy=`;
      const listed = await open.get<Recorded>(`${by}${first}`, operator);
      expect(listed.body.items.map(({ key }) => key)).toEqual(['one', 'three']);
      expect((await open.get<Recorded>(`${by}${first},${second.id}`, recorder)).body.items).toHaveLength(3);
      expect((await open.get<Recorded>(`${by}nobody`, recorder)).body.items).toEqual([]);
      expect([(await open.get(`${by}${first}`, reader)).status, (await open.get(`${by}${first}`)).status]).toEqual([
        403, 401,
      ]);
    }
    const one = async (headers: Readonly<Record<string, string>>) =>
      (await open.get<{ recordedBy?: string }>('/v1/events/two', headers)).body.recordedBy;
    expect([await one(reader ?? {}), await one(recorder ?? {})]).toEqual([undefined, second.id]);
    // What is cited is everybody's, whoever cites it.
    const url = `/v1/events?${pinned}`;
    const cited = async (headers: Readonly<Record<string, string>> = {}) =>
      (await open.post<{ answerSha256: string }>('/v1/citations', { url }, headers)).body.answerSha256;
    expect(await cited(recorder)).toBe(await cited());
  });

  it.each([
    [{ name: 'x' }, '/role'],
    [{ name: '', role: 'reader' }, '/name'],
    [{ name: 'x', role: 'owner' }, '/role'],
    [{ name: 'x', role: 'reader', expiresAt: 'soon' }, '/expiresAt'],
    [{ name: 'x', role: 'reader', key: 'mine' }, ''],
  ])('does not make a key of %j', async (body, pointer) => {
    const { status, body: problem } = await open.post<ProblemAnswer>('/v1/keys', body, bearer(keyOf('operator')));
    expect([status, problem.errors?.map((each) => each.pointer)]).toEqual([422, [pointer]]);
  });
});
