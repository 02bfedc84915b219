import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import type { AnsweredCoordinate, List, ProblemAnswer, State } from './answers.js';
import { parseLines, runApplication, type TestApplication } from '../running-application.js';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

/** The times of an answer, as far as it has any. */
interface Timed {
  readonly coordinate?: AnsweredCoordinate;
  readonly from?: AnsweredCoordinate;
  readonly to?: AnsweredCoordinate;
  readonly items?: readonly object[];
}

/** What a diff and proofs cannot do without. */
const NEEDED: Readonly<Record<string, string>> = {
  '/v1/diff': 'from=2024-01-01&to=2024-02-01&',
  '/v1/policies/harbour-toll/diff': 'from=2024-01-01&to=2024-02-01&',
  '/v1/audit/proof/inclusion': 'event=toll-announced&',
  '/v1/audit/proof/inclusion.tlog-proof': 'event=toll-announced&',
  '/v1/audit/proof/consistency': 'from=1&',
};

const cursorOf = (...parts: readonly unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('requests that mean no good', () => {
  let application: TestApplication;
  let document: Document;
  beforeAll(async () => {
    application = await runApplication();
    document = (await application.get<Document>('/openapi.json')).body;
    await application.importLines([
      ...parseLines('../worked-example/events.ndjson'),
      {
        policy: { slug: 'light-tower', title: 'Light tower', kind: 'scheme', jurisdiction: 'GB', aliases: ['beacon'] },
      },
      {
        key: 'tower-announced',
        type: 'policy.announced',
        policy: 'light-tower',
        occurred: '2024-01-01',
        publishedAt: '2024-01-01',
        summary: 'A light tower was announced.',
        epistemic: 'confirmed',
        actors: [{ name: 'Harbour board', kind: 'organisation' }],
        figures: [{ measure: 'towers', value: 1, comparator: 'exact', unit: 'towers', period: null }],
        sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: '2024-01-01', genre: 'news' }],
      },
      {
        key: 'tower-renamed',
        type: 'policy.redescribed',
        policy: 'light-tower',
        aliases: ['lamp'],
        occurred: '2024-02-01',
        publishedAt: '2024-02-01',
        summary: 'The tower is called a lamp.',
        epistemic: 'confirmed',
        sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: '2024-02-01', genre: 'news' }],
      },
    ]);
  });
  afterAll(() => application.stop());

  const reads = () =>
    Object.entries(document.paths).flatMap(([path, { get }]) => (get === undefined ? [] : [{ path, ...get }]));
  const named = (path: string): string => path.replace('{slug}', 'harbour-toll').replace('{event}', 'toll-announced');

  it('a zero byte in any parameter of any read', async () => {
    for (const { path, parameters } of reads()) {
      const address = named(path);
      for (const { name } of parameters.filter((each) => each.in === 'query')) {
        const asked = `${address}?${NEEDED[address]?.replace(new RegExp(`${name}=[^&]*&`), '') ?? ''}${name}=a%00b`;
        const { status, body } = await application.get<ProblemAnswer>(asked);
        expect({ asked, status }).toEqual({ asked, status: 400 });
        expect(body.errors?.map(({ pointer }) => pointer)).toContain(`/query/${name}`);
      }
    }
  });

  it('a zero byte in any part of any address', async () => {
    for (const { path } of reads())
      for (const part of ['%00', 'a%00b']) {
        const asked = path.replace(/\{\w+\}/g, part);
        if (asked === path) continue;
        expect({ asked, status: (await application.get(asked)).status }).toEqual({ asked, status: 404 });
      }
    for (const asked of ['/docs/%00', '/docs/%5C', '/docs/..%2Fx', '/docs/..%5C..%5Cpackage.json', '/%00'])
      expect({ asked, status: (await application.get(asked)).status }).toEqual({ asked, status: 404 });
  });

  it.each([
    ['/v1/policies/%zz', 400],
    ['/v1/policies?q=%zz', 400],
    ['/v1/policies?q=%c0%80', 400],
    ['/v1/policies?q=%ed%a0%80', 400],
    [`/v1/events?cursor=${cursorOf(1, 2, 9e15, 0, '')}`, 400],
    [`/v1/events?cursor=${cursorOf(1, 2, -9e15, 0, '')}`, 400],
    [`/v1/events?cursor=${cursorOf(1, 2, 0, 4e14, '')}`, 400],
    [`/v1/events?cursor=${cursorOf(1, 2, 0, 0, 'a\0')}`, 400],
    [`/v1/events?cursor=${cursorOf(1, 2, 0, 0, '\ud800')}`, 400],
    [`/v1/events?cursor=${cursorOf(1, 2 ** 53, 0, 0, '')}`, 400],
    ['/v1/events?knownAt=9999-12-31T23:59:59-12:00', 400],
    ['/v1/events?knownAt=0001-01-01T00:00:00%2B12:00', 400],
    [`/v1/figures?cursor=${cursorOf(1, 1, 0, 0, 'x')}`, 200],
  ])('%s', async (address, status) => {
    expect((await application.get(address)).status).toBe(status);
  });

  it.each([
    ['knownAt=2025-02-30', 'February 2025 has 28 days'],
    ['validAt=2024-13-01', 'there is no month 13'],
    ['recordedAt=2024-04-31', 'April 2024 has 30 days'],
    ['knownAt=2025-02-01T10:00:00', 'has no offset'],
    ['knownAt=2025-02', 'add the day'],
    ['knownAt=1752000000', 'milliseconds'],
    ['knownat=2025-02-01', 'Did you mean knownAt?'],
    ['type=policy.anounced', 'Did you mean policy.announced?'],
    ['q=%00', 'zero byte'],
  ])('says what to do about %s', async (query, said) => {
    const { status, body } = await application.get<ProblemAnswer>(`/v1/events?${query}`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(said)]);
  });

  it.each([
    ['/v1/policies?status=in-operaton', 'in-operation'],
    ['/v1/sources?genre=offical', 'official'],
    ['/v1/claims?standing=denyed', 'denied'],
    ['/v1/policies/harbour-toll/timeline?type=announced', 'policy.announced'],
    ['/v1/stream?type=policy.anounced', 'policy.announced'],
  ])('names the word that was probably meant: %s', async (address, word) => {
    const { status, body } = await application.get<ProblemAnswer>(address);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(`Did you mean ${word}?`)]);
  });

  /** Each place in which an address has a time, and where the answer says how it was read. */
  const TIMES: readonly (readonly [string, (body: Timed) => string | undefined])[] = [
    ['/v1/policies/harbour-toll?knownAt=', ({ coordinate }) => coordinate?.knownAt],
    ['/v1/policies/harbour-toll?validAt=', ({ coordinate }) => coordinate?.validAt],
    ['/v1/events?limit=1&knownAt=', ({ coordinate }) => coordinate?.knownAt],
    ['/v1/policies/harbour-toll/diff?to=2026-01-01&from=', ({ from }) => from?.knownAt],
    ['/v1/policies/harbour-toll/diff?from=2020-01-01&to=', ({ to }) => to?.knownAt],
    ['/v1/policies/harbour-toll/diff?from=2020-01-01&to=2026-01-01&to.validAt=', ({ to }) => to?.validAt],
  ];

  const timesRead = (text: string) =>
    Promise.all(TIMES.map(async ([address, readIn]) => readIn((await application.get<Timed>(address + text)).body)));

  const everywhere = (time: string | undefined) => TIMES.map(() => time);

  it('takes 13 digits for milliseconds since 1970 wherever a time is asked for, as Grafana writes one', async () => {
    const noon = Date.UTC(2025, 6, 8, 11);
    expect(await timesRead(String(noon))).toEqual(everywhere('2025-07-08T11:00:00.000Z'));
    expect(await timesRead(String(noon + 1))).toEqual(everywhere('2025-07-08T11:00:00.001Z'));
    // What could be seconds, or a typing mistake, is not guessed at.
    for (const other of [String(noon / 1000), `${noon}0`, `${noon}.5`, `-${noon}`])
      expect([other, await timesRead(other)]).toEqual([other, everywhere(undefined)]);
    const listed = async (query: string) =>
      (await application.get<List<{ readonly key: string }>>(`/v1/events?${query}`)).body.items.map(({ key }) => key);
    for (const filter of ['publishedFrom', 'publishedTo', 'occurredFrom', 'occurredTo', 'recordedAfter'])
      expect([filter, await listed(`${filter}=1717200000000`)]).toEqual([
        filter,
        await listed(`${filter}=2024-06-01T00:00:00Z`),
      ]);
    expect(await listed('publishedFrom=1717200000000')).not.toEqual(await listed(''));
  });

  it('takes the space that a pasted plus sign becomes for the plus sign of an offset, and no other space', async () => {
    for (const plus of ['+', '%20', '%2B', '%2b'])
      expect([plus, await timesRead(`2025-07-08T12:00:00${plus}01:00`)]).toEqual([
        plus,
        everywhere('2025-07-08T11:00:00.000Z'),
      ]);
    expect(await timesRead('2025-07-08T12:00:00-01:00')).toEqual(everywhere('2025-07-08T13:00:00.000Z'));
    for (const other of [
      '2025-07-08+12:00:00Z',
      '2025-07-08T12:00:00++01:00',
      '2025-07-08T12:00:00Z+01:00',
      '+2025-07-08',
      '2025-07-08+',
    ])
      expect([other, await timesRead(other)]).toEqual([other, everywhere(undefined)]);
    // Elsewhere a plus sign stays what it is in a query: a space.
    const { body } = await application.get<Timed>('/v1/policies?q=harbour+toll');
    expect(body.items).toHaveLength(1);
  });

  it('passes over the parameter _ that keeps caches away, and over no other', async () => {
    const { body } = await application.get<State>('/v1/policies/harbour-toll?_=1&_=2');
    expect(body.permalink).not.toContain('_=');
    expect((await application.get('/v1/policies/harbour-toll?__=1')).status).toBe(400);
  });

  it('knows a policy by every name that it has or had, in filters as in addresses', async () => {
    for (const name of ['beacon', 'lamp']) {
      for (const list of [
        'events',
        'figures',
        'positions',
        'negotiations',
        'claims',
        'sources',
        'actors',
        'anomalies',
        'promises',
        'turns',
      ]) {
        const [bySlug, byName] = await Promise.all(
          ['light-tower', name].map((policy) => application.get<List<object>>(`/v1/${list}?policy=${policy}`)),
        );
        expect({ list, items: byName?.body.items }).toEqual({ list, items: bySlug?.body.items });
        const unknown = await application.get<ProblemAnswer>(`/v1/${list}?policy=light-towr`);
        expect([unknown.status, unknown.body.detail]).toEqual([
          404,
          expect.stringMatching(/"light-towr".*light-tower\?/),
        ]);
      }
      const { status, headers } = await application.get(`/v1/policies/${name}/diff?from=2024-01-01&to=2025-01-01`);
      expect([status, headers.get('location')]).toEqual([
        308,
        `${application.url}/v1/policies/light-tower/diff?from=2024-01-01&to=2025-01-01`,
      ]);
    }
    expect((await application.get<List<object>>('/v1/figures?policy=beacon')).body.items).toHaveLength(1);
  });

  const writes = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'get')
        .map((method) => ({ method: method.toUpperCase(), path: named(path).replace('{name}', 'timeline') })),
    );
  const write = (path: string, method: string, headers: Readonly<Record<string, string>>) =>
    checkedFetch(`${application.url}${path}`, { method, headers });

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-origin, cross-site' },
    { origin: 'http://elsewhere.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://elsewhere.example' },
  ])('any write that a browser makes for a page of another site: %j', async (headers) => {
    expect(writes().length).toBeGreaterThan(7);
    for (const { method, path } of writes()) {
      const answer = await write(path, method, headers);
      expect({ method, path, status: answer.status }).toEqual({ method, path, status: 403 });
      const problem: ProblemAnswer = JSON.parse(await answer.text());
      expect([problem.type, problem.detail]).toEqual([
        'urn:policy-timeline:problem:cross-site-write',
        expect.stringContaining('Write from a page of this server'),
      ]);
    }
    const { body } = await application.get<List<{ readonly rebuild: object | null }>>('/v1/projections');
    expect(body.items.filter(({ rebuild }) => rebuild !== null)).toEqual([]);
  });

  it('lets pages of its own write, and clients that are no browser', async () => {
    const { host } = new URL(application.url);
    const nothing = '/v1/projections/nothing/rebuild';
    for (const headers of [
      {},
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-origin', origin: `http://${host}` },
      { origin: `https://${host}` },
    ])
      expect((await write(nothing, 'POST', headers)).status).toBe(404);
  });

  const refusedAs = async (headers: Readonly<Record<string, string>>, path = '/v1/policies') => {
    const { status, body } = await application.get<ProblemAnswer>(path, headers);
    return [status, body.type?.replace(/.*:/, '')];
  };

  it('does not let pages of other sites read, but for what they embed and links that are followed', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'http://elsewhere.example' }])
      expect(await refusedAs(headers)).toEqual([403, 'cross-site-read']);
    const ask = (path: string, mode: string) =>
      raw(
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: ${mode}\r\nConnection: close\r\n\r\n`,
      );
    expect(await ask('/policies/harbour-toll', 'no-cors')).toMatch(/^HTTP\/1.1 403 /);
    expect(await ask('/policies/harbour-toll', 'navigate')).toMatch(/^HTTP\/1.1 200 /);
    expect(await ask('/embed/policies/harbour-toll', 'navigate')).toMatch(/^HTTP\/1.1 200 /);
    expect(await ask('/embed/policies/harbour-toll.svg', 'no-cors')).toMatch(/^HTTP\/1.1 200 /);
  });

  it('a write that a proxy on this machine forwarded', async () => {
    for (const headers of [{ 'x-forwarded-for': '10.0.0.7' }, { forwarded: 'for=127.0.0.1' }, { via: '1.1 proxy' }])
      for (const { method, path } of writes()) {
        if (path === '/v1/citations') continue;
        const answer = await write(path, method, headers);
        const { type }: ProblemAnswer = JSON.parse(await answer.text());
        expect([path, answer.status, type]).toEqual([path, 403, 'urn:policy-timeline:problem:writes-closed']);
      }
    const told = await application.get<{ readonly writes: string }>('/v1/about', { 'x-forwarded-for': '127.0.0.1' });
    expect(told.body.writes).toBe('closed');
  });

  const raw = async (request: string): Promise<string> => {
    const socket = connect(Number(new URL(application.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(request);
    return text(socket);
  };

  it.each([
    ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two hosts', 'GET /livez HTTP/1.1\r\nHost: a\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['no well-formed host', 'GET /livez HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', 400],
    ['no host, in HTTP/1.0', 'GET /livez HTTP/1.0\r\n\r\n', 200],
    [
      'a host that is not this one',
      'GET /v1/policies HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n',
      403,
    ],
    ['no host, for data, in HTTP/1.0', 'GET /v1/policies HTTP/1.0\r\n\r\n', 403],
    ['an expectation', 'GET /livez HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n', 417],
  ])('a request with %s', async (_what, request, status) => {
    const answer = await raw(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    if (status !== 200) expect(answer).toMatch(/content-type: application\/problem\+json/i);
  });

  it('names a host in an address that is taken for no more than an address', async () => {
    const answer = await raw(
      'GET http://elsewhere.example/v1/policies/beacon?x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    const sent = await raw(
      'GET http://elsewhere.example/v1/policies/beacon HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(sent).toMatch(/\r\nlocation: http:\/\/localhost\/v1\/policies\/light-tower\r\n/i);
    for (const path of [
      'policies/beacon/stream',
      'policies/beacon.json',
      'policies/light-tower',
      'events?limit=1',
      'v9',
    ])
      expect(
        await raw(`GET http://elsewhere.example/v1/${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
      ).not.toContain('elsewhere');
    expect(await raw('GET /v9/"<x>" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toContain(
      '"instance":"/v9/%22%3Cx%3E%22"',
    );
  });
});
