import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenApi, documentedAnswers } from '../../support/http/documented-answers.js';
import type { Event, List } from './answers.js';
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
