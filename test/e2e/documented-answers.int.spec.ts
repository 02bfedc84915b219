import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenApi, documentedAnswers } from '../support/documented-answers.js';
import type { Event, List } from './answers.js';
import { linesOf, runApplication, type RunningApplication } from './running-application.js';

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
  '/v1/policies/{slug}?knownAt=2024-06-01&validAt=2030-01-01&recordedAt=@90',
  '/v1/policies?limit=1000&knownAt=2024-12-31',
  '/v1/policies?limit=1',
  '/v1/policies/{slug}/timeline?records=true&retracted=true&limit=1000',
  '/v1/policies/{slug}/timeline?order=published&scope=any&limit=3',
  '/v1/policies/{slug}/history?limit=1000',
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
const NOT_BY_ITSELF = /stream$|\/diff$|proof|tile/;

describe('answers', () => {
  let application: RunningApplication;
  let document: OpenApi;
  let differences: ReturnType<typeof documentedAnswers>;
  beforeAll(async () => {
    application = await runApplication({ SEEDS: 'seeds' });
    document = (await application.get<OpenApi>('/openapi.json')).body;
    differences = documentedAnswers(document);
    await application.importLines([
      ...linesOf('../worked-example/events.ndjson'),
      { policy: { slug: 'bare', title: 'Bare', kind: 'rule', jurisdiction: 'GB', aliases: ['naked'] } },
      event('undated', { occurred: '../2024', note: 'A note.', effective: { to: '2026' } }),
    ]);
  }, SEEDS_LIMIT_MS);
  afterAll(() => application.stop());

  async function read(address: string, headers: Readonly<Record<string, string>> = {}) {
    const answer = await application.get(address, headers);
    const type = answer.headers.get('content-type');
    return {
      ...answer,
      found: differences({ method: 'get', address, status: answer.status, type, body: answer.body }),
    };
  }

  it('to every read are as documented', async () => {
    const slugs = ['harbour-toll', 'bare', 'uk-france-one-in-one-out'];
    const { body: events } = await application.get<List<Event>>('/v1/events?limit=1000&records=true');
    const ofEachType = [...new Map(events.items.map((each) => [each.type, each.key])).values()];
    const plain = Object.entries(document.paths).flatMap(([path, { get }]) =>
      get === undefined || NOT_BY_ITSELF.test(path) ? [] : [path],
    );
    const addresses = [...plain, ...ADDRESSES].flatMap((address) =>
      address.includes('{slug}') ? slugs.map((slug) => address.replace('{slug}', slug)) : [address],
    );
    const all = addresses.flatMap((address) =>
      address.includes('{event}') ? ofEachType.map((key) => address.replace('{event}', key)) : [address],
    );
    expect(ofEachType.length).toBeGreaterThan(20);
    const different: object[] = [];
    for (const address of all) {
      const { status, found } = await read(address);
      if (found.length > 0 || status >= 500) different.push({ address, status, found: found.slice(0, 5) });
    }
    expect(different).toEqual([]);
  });

  it.each<[headers: Readonly<Record<string, string>>, status: number]>([
    [{ accept: 'image/png' }, 406],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-none-match': '*' }, 304],
  ])('to a read with %o are as documented', async (headers, status) => {
    for (const address of ['/v1/policies/bare', '/v1/figures', '/v1/diff?from=2024-01-01&to=2025-01-01']) {
      const answer = await read(address, headers);
      expect({ status: answer.status, found: answer.found }).toEqual({ status, found: [] });
    }
    const alias = await read('/v1/policies/naked');
    expect([alias.status, alias.found]).toEqual([308, []]);
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
    const answer = await application.post(address, body, headers);
    const type = answer.headers.get('content-type');
    const found = differences({ method: 'post', address, status: answer.status, type, body: answer.body });
    expect({ status: answer.status, found }).toEqual({ status, found: [] });
  });

  it('that are not as documented are found', () => {
    const given = { method: 'get', address: '/v1/policies/bare', status: 200, type: 'application/json' };
    expect(differences({ ...given, body: {} })).not.toEqual([]);
    expect(differences({ ...given, status: 418, body: {} })).not.toEqual([]);
    expect(differences({ ...given, type: 'text/csv', body: '' })).not.toEqual([]);
    const [errors] = [differences({ ...given, address: '/v1/events', body: { items: [{ key: 1 }] } })];
    expect(errors.join()).toMatch(/items\/0/);
  });
});
