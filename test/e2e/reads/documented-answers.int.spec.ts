import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { type OpenApi, documentedAnswers } from '../../support/http/documented-answers.js';
import { readCsv } from '../../support/tables/read-cells.js';
import { type DuckDbReader, openDuckDb } from '../../support/tables/read-with-duckdb.js';
import type { Event, List } from './answers.js';
import { recipesFor } from './recipes.js';
import { parseLines, runApplication, type TestApplication } from '../running-application.js';

const SOURCE = { publisher: 'Gazette', title: 'Report', publishedAt: '2024-01-02', genre: 'news' };

const event = (key: string, changes: object = {}) => ({
  key,
  type: 'policy.announced',
  policy: 'harbour-toll',
  occurred: '2024-01-01',
  publishedAt: '2024-01-02',
  summary: 'Something was announced.',
  epistemic: 'confirmed',
  sources: [SOURCE],
  ...changes,
});

/** Addresses of reads beyond each path by itself, `{slug}` for a policy of the seeds and of the worked example. */
const ADDRESSES = [
  '/v1/policies/{slug}?explain=true',
  '/v1/policies/{slug}?explain=true&engine=replay&knownAt=2025-01-01',
  '/v1/policies/{slug}?proof=true',
  '/v1/policies/{slug}/timeline?proof=true&limit=2',
  '/v1/policies/{slug}/diff?from=2024-03-01&to=2025-12-31&proof=true',
  '/v1/figures?policy={slug}&proof=true',
  '/v1/policies/{slug}?knownAt=2024-06-01&validAt=2030-01-01&recordedAt=@90',
  '/v1/policies?limit=1000&knownAt=2024-12-31',
  '/v1/policies?limit=1',
  '/v1/policies/{slug}/timeline?records=true&retracted=true&limit=1000',
  '/v1/policies/{slug}/timeline?order=published&scope=any&limit=3',
  '/v1/policies/{slug}/history?limit=1000',
  '/v1/history?limit=1000',
  '/v1/facts?limit=1000',
  '/v1/series?limit=1000',
  '/v1/series?axis=recorded&field=status&limit=1000',
  '/v1/history?field=status&knownAt=2024-12-31&limit=5',
  '/v1/policies/{slug}/diff?from=2024-03-01&to=2025-12-31',
  '/v1/policies/{slug}/diff?from=2024-03-01&to=2025-12-31&format=json-patch',
  '/v1/diff?from=2024-03-01&to=2025-12-31',
  '/v1/diff?from=2024-03-01&to=2025-12-31&format=json-patch',
  '/v1/events?limit=1000&records=true&retracted=true',
  '/v1/events?q=nothing-of-the-sort',
  '/v1/figures?limit=1000',
  '/v1/positions?limit=1000',
  '/v1/positions?limit=1000&all=true',
  '/v1/negotiations?limit=1000',
  '/v1/claims?limit=1000',
  '/v1/sources?limit=1000',
  '/v1/actors?limit=1000',
  '/v1/anomalies?limit=1000',
  '/v1/promises?limit=1000',
  '/v1/promises/summary',
  '/v1/turns?limit=1000',
  '/v1/impact?event=one-in-one-out-agreed',
  '/v1/impact',
  '/v1/audit/proof/inclusion?event=toll-announced',
  '/v1/audit/proof/consistency?from=1',
  // Refused.
  '/v1/policies/nothing',
  '/v1/policies/{slug}?recordedAt=@999999',
  '/v1/policies/{slug}?recordedAt=@1',
  '/v1/events/nothing',
  '/v1/events?colour=red',
  '/v1/figures?policy=nothing',
  '/v1/diff',
  '/v1/audit/tile/x',
  '/v1/audit/tile/7/000',
  `/v1/policies/${'x'.repeat(500)}`,
];

/** The seeds are loaded before the application is there. */
const SEEDS_LIMIT_MS = 60_000;

/** What needs more than its path. */
const NOT_BY_ITSELF = /stream$|\/diff$|impact$|proof|tile/;

describe('answers', () => {
  let application: TestApplication;
  let document: OpenApi;
  beforeAll(async () => {
    application = await runApplication({ SEEDS: 'seeds' });
    document = (await application.get<OpenApi>('/openapi.json')).body;
    await application.importLines([
      ...parseLines('../worked-example/events.ndjson'),
      { policy: { slug: 'bare', title: 'Bare', kind: 'rule', jurisdiction: 'GB', aliases: ['naked'] } },
      event('undated', { occurred: '../2024', note: 'A note.', effective: { to: '2026' } }),
    ]);
  }, SEEDS_LIMIT_MS);
  afterAll(() => application.stop());

  const plainPaths = (): readonly string[] =>
    Object.entries(document.paths).flatMap(([path, { get }]) =>
      get === undefined || NOT_BY_ITSELF.test(path) ? [] : [path],
    );

  it('to every read are as documented', async () => {
    const slugs = ['harbour-toll', 'bare', 'uk-france-one-in-one-out'];
    const { body: events } = await application.get<List<Event>>('/v1/events?limit=1000&records=true');
    const ofEachType = [...new Map(events.items.map((each) => [each.type, each.key])).values()];
    const addresses = [...plainPaths(), ...ADDRESSES].flatMap((address) =>
      address.includes('{slug}') ? slugs.map((slug) => address.replace('{slug}', slug)) : [address],
    );
    const all = addresses.flatMap((address) =>
      address.includes('{event}') ? ofEachType.map((key) => address.replace('{event}', key)) : [address],
    );
    expect(ofEachType.length).toBeGreaterThan(20);
    const failed: unknown[] = [];
    for (const address of all) {
      const status = await application.get(address).then(
        (answer) => answer.status,
        (error: unknown) => error,
      );
      if (typeof status !== 'number' || status >= 500) failed.push({ address, status });
    }
    expect(failed).toEqual([]);
  });

  it.each<[headers: Readonly<Record<string, string>>, status: number]>([
    [{ accept: 'image/png' }, 406],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-none-match': '*' }, 304],
  ])('to a read with %o are as documented', async (headers, status) => {
    const plain = plainPaths().map((path) => path.replace('{slug}', 'bare').replace('{event}', 'undated'));
    for (const address of plain) await application.get(address, headers);
    for (const address of ['/v1/policies/bare', '/v1/figures', '/v1/diff?from=2024-01-01&to=2025-01-01'])
      expect({ address, status: (await application.get(address, headers)).status }).toEqual({ address, status });
  });

  it.each([
    ['an alias', '/v1/policies/naked', 308],
    ['a name that is too long', `/v1/policies/${'x'.repeat(500)}/timeline`, 414],
    ['an address that is too long', `/v1/policies?q=${'x'.repeat(20_000)}`, 431],
  ])('to a read of %s are as documented', async (_what, address, status) => {
    expect((await application.get(address)).status).toBe(status);
  });

  describe('that recipes ask for', () => {
    let duckDb: DuckDbReader;
    beforeAll(async () => {
      duckDb = await openDuckDb();
    });
    afterAll(() => duckDb.close());
    const columnsOf = async (address = ''): Promise<readonly string[]> =>
      readCsv(`${(await (await checkedFetch(address)).text()).split('\r\n')[0] ?? ''}\r\n`)[0]?.map(String) ?? [];
    const addressIn = (text = ''): string => /http:[^"')]+/.exec(text)?.[0] ?? '';

    it('are there at every address, with the columns that data frames use', async () => {
      const recipes = recipesFor(application.url);
      expect(recipes.addresses.length).toBeGreaterThan(6);
      for (const address of recipes.addresses)
        expect({ address, status: (await checkedFetch(address)).status }).toEqual({ address, status: 200 });
      const [pandas = ''] = recipes.in('python');
      const [figures, facts] = [...pandas.matchAll(/"(http:[^"]+)"/g)].map(([, address = '']) => address);
      const used = [...pandas.matchAll(/[[(]"(\w+)"/g)].map(([, column = '']) => column);
      expect(await columnsOf(figures)).toEqual(expect.arrayContaining(used));
      expect(used).toEqual(['knownFrom', 'measure', 'value']);
      const lines = (await (await checkedFetch(facts ?? '')).text()).trimEnd().split('\n');
      expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'));
      const [r = ''] = recipes.in('r');
      const status = await checkedFetch(addressIn(r));
      const [header = [], ...rows] = readCsv(await status.text());
      const [from, value] = ['from', 'value'].map((name) => header.indexOf(name));
      expect(rows.length).toBeGreaterThan(5);
      for (const row of rows) {
        expect(row[from ?? -1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d{3}Z$/);
        expect(row[value ?? -1]).toMatch(/^"[a-z-]+"$/);
      }
      expect((await checkedFetch(addressIn(recipes.in('powerquery')[0]))).headers.get('content-type')).toMatch(
        /^text\/csv/,
      );
    });

    it('come to pages of Observable as the snippet takes them', async () => {
      const [script = ''] = recipesFor(application.url).in('js');
      const turns: unknown = await runInNewContext(`(async () => { ${script}; return turns; })()`, {
        fetch: checkedFetch,
      });
      expect(turns).toMatchObject([{ policy: 'rwanda-scheme', kind: 'reversal' }]);
    });

    it('are read by DuckDB as written, but that the file is fetched first; attaching is parsed', async () => {
      const [script = ''] = recipesFor(application.url).in('sql');
      expect(await duckDb.parse(script)).toBe(3);
      const [statement = ''] = script.split('\n');
      const file = await (await checkedFetch(addressIn(statement))).arrayBuffer();
      const rows = await duckDb.query(statement, { address: addressIn(statement), file });
      expect(rows.length).toBeGreaterThan(20);
      await expect(duckDb.parse('ATTACH WITH')).rejects.toThrow(/syntax error/i);
    });

    it('are read by SQL as written, by a reader', async () => {
      const [, role = '', ...scripts] = recipesFor(application.url).in('sql');
      const client = new pg.Client({ connectionString: application.databaseUrl });
      await client.connect();
      await client.query(`BEGIN; ${role}; ROLLBACK`);
      await client.query('SET ROLE ptl_reader');
      const found: number[] = [];
      for (const script of scripts)
        for (const statement of script.split(';').filter((text) => text.trim() !== ''))
          found.push((await client.query(statement)).rows.length);
      await client.end();
      expect(found.filter((rows) => rows > 0).length).toBeGreaterThan(1);
    });
  });

  const policy = { slug: 'bare', title: 'Bare', kind: 'rule', jurisdiction: 'GB', aliases: ['naked'] };
  it.each<[what: string, address: string, body: unknown, headers: Readonly<Record<string, string>>, status: number]>([
    ['a new policy', '/v1/policies', { ...policy, slug: 'other', aliases: [] }, {}, 201],
    ['a policy again', '/v1/policies', policy, {}, 200],
    ['another policy of that slug', '/v1/policies', { ...policy, title: 'Other' }, {}, 409],
    ['an event', '/v1/policies/harbour-toll/events', event('written'), {}, 201],
    ['an event again', '/v1/policies/harbour-toll/events', event('written'), {}, 200],
    ['an event at another revision', '/v1/policies/harbour-toll/events', event('late'), { 'if-match': '"999"' }, 412],
    ['an event without a body', '/v1/policies/harbour-toll/events', {}, {}, 422],
    ['a body that is none', '/v1/policies/harbour-toll/events', '{', {}, 400],
    ['a body of another type', '/v1/policies/harbour-toll/events', 'x', { 'content-type': 'text/plain' }, 415],
    ['a body too long', '/v1/policies/harbour-toll/events', `"${'x'.repeat(1_100_000)}"`, {}, 413],
    ['a dry run', '/v1/policies/harbour-toll/events?dryRun=true', event('dry'), {}, 200],
  ])('to %s are as documented', async (_what, address, body, headers, status) => {
    expect((await application.post(address, body, headers)).status).toBe(status);
  });

  it.each([
    ['a field that is missing', { text: '{}' }, /required property/],
    ['a field of another kind', { address: '/v1/events', text: '{"items":[{"key":1}]}' }, /./],
    ['a field that is not documented', { address: '/livez', text: '{"status":"ok","mood":"fine"}' }, /mood/],
    ['a status', { status: 418, text: '{}' }, /418/],
    ['a media type', { type: 'text/csv', text: '' }, /text\/csv/],
    ['an operation', { address: '/v1/nothing', text: '{}' }, /operation/],
  ])('that differ from the document by %s are found', (_what, answer, reason) => {
    const given = { method: 'get', address: '/v1/policies/bare', status: 200, type: 'application/json', text: '' };
    expect(documentedAnswers(document)({ ...given, ...answer }).join()).toMatch(reason);
  });
});
