import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Operation, applyPatch } from 'rfc6902';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import type { Difference, Event, List, ProblemAnswer, Read, State } from './answers.js';
import { parseLines, runApplication, type TestApplication } from '../running-application.js';

const correction = {
  key: 'late-correction',
  type: 'record.corrected',
  policy: 'harbour-toll',
  target: 'toll-announced',
  occurred: '2025-01-01',
  publishedAt: '2025-01-01',
  summary: 'The price was misread.',
  reason: 'Misread.',
  changes: { terms: [{ key: 'price', value: 77, unit: 'GBP' }] },
};

describe('reading', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await runApplication();
    await application.importLines([
      ...parseLines('../worked-example/events.ndjson'),
      {
        policy: { slug: 'light-tower', title: 'Light tower', kind: 'scheme', jurisdiction: 'GB', aliases: ['beacon'] },
      },
    ]);
  });
  afterAll(() => application.stop());

  it('repeats the coordinate it answers for', async () => {
    const { body } = await application.get<State>('/v1/policies/harbour-toll?knownAt=2024-10-10&validAt=2024-07-15');
    const head = body.coordinate.recordedAt.position;
    expect(body.coordinate).toMatchObject({ knownAt: '2024-10-10T22:59:59.999Z', validAt: '2024-07-15T22:59:59.999Z' });
    expect(body.permalink).toBe(
      `/v1/policies/harbour-toll?recordedAt=@${head}&knownAt=2024-10-10T22:59:59.999Z&validAt=2024-07-15T22:59:59.999Z`,
    );
    for (const path of ['/v1/policies', '/v1/events', '/v1/figures', '/v1/diff?from=2024-01-01&to=2025-01-01']) {
      const answer = await application.get<Read & { readonly items?: readonly Read[] }>(path);
      const framed = [answer.body, ...(answer.body.items ?? [])].filter(({ permalink }) => permalink !== undefined);
      expect(framed.map(({ url }) => url)).toEqual(framed.map(({ permalink }) => `${application.url}${permalink}`));
    }
    expect(body.meta).toMatchObject({ engine: 'facts', fold: 2, position: head });
    expect((await application.get('/v1/about')).body).toMatchObject({ head, fold: 2 });
    const short = await application.get<State>('/v1/policies/harbour-toll?knownAt=2024-10-10');
    expect(short.body.coordinate.validAt).toBe('2024-10-10T22:59:59.999Z');
    const early = await application.get<State>(`/v1/policies/harbour-toll?recordedAt=@4`);
    expect(early.body.coordinate.knownAt).toBe(early.body.coordinate.recordedAt.at);
    const today = new Date().toISOString().slice(0, 10);
    const latest = await application.get<State>(`/v1/policies/harbour-toll?recordedAt=${today}`);
    expect(latest.body.coordinate.recordedAt.position).toBe(head);
  });

  it('answers the same at a permalink for ever, and something else at the latest', async () => {
    const paths = [
      '/v1/policies/harbour-toll?knownAt=2025-06-01&validAt=2024-03-10&explain=true',
      '/v1/policies?knownAt=2025-06-01&q=toll',
      '/v1/policies/harbour-toll/timeline?knownAt=2025-06-01&order=published',
      '/v1/policies/harbour-toll/history?knownAt=2025-06-01&field=status',
      '/v1/history?validAt=2025-06-01&field=status',
      '/v1/series?axis=recorded&knownAt=2025-06-01&field=status',
      '/v1/facts?knownAt=2025-06-01',
      '/v1/policies/harbour-toll/diff?from=2024-03-01&to=2025-06-01',
      '/v1/diff?from=2024-03-01&to=2025-06-01',
      '/v1/events?knownAt=2025-06-01&type=policy.announced',
      '/v1/events/toll-announced?knownAt=2025-06-01',
      '/v1/promises/summary?knownAt=2025-06-01',
      ...['figures', 'positions', 'negotiations', 'claims', 'sources', 'actors', 'anomalies', 'promises', 'turns'].map(
        (model) => `/v1/${model}?knownAt=2025-06-01`,
      ),
    ];
    const before = await Promise.all(paths.map((path) => application.get<State>(path)));
    expect(before.map(({ status }) => status)).toEqual(paths.map(() => 200));
    const { status } = await application.post('/v1/policies/harbour-toll/events', correction);
    expect(status).toBe(201);
    const pinned = await Promise.all(before.map(({ body }) => textAt(body.permalink)));
    for (const [index, { body }] of before.entries()) {
      const again: State = JSON.parse(pinned[index] ?? '');
      const { engine, fold } = body.meta;
      expect(again).toEqual({
        ...body,
        meta: { engine, fold },
        ...('items' in body ? { items: withPinnedMeta(body.items) } : {}),
      });
    }
    const now = await application.get<State>('/v1/policies/harbour-toll?knownAt=2025-06-01&validAt=2024-03-10');
    expect(now.body.state.terms).not.toEqual(before[0]?.body.state.terms);
    const corrected = await application.get<Event>('/v1/events/toll-announced');
    expect(corrected.body.recordedAs).toBeDefined();
    // Byte for byte: nothing in them moves with the log or the clock.
    expect(await Promise.all(before.map(({ body }) => textAt(body.permalink)))).toEqual(pinned);
  });

  /** States in a list each say how they came about. */
  const withPinnedMeta = (items: unknown): unknown =>
    JSON.parse(JSON.stringify(items).replaceAll(/("meta":\{"engine":"facts","fold":\d+),[^}]*\}/g, '$1}'));

  it('counts what a coordinate hides, as of today even where it is pinned', async () => {
    interface WithHidden extends Read {
      readonly hidden?: Readonly<Record<'later' | 'correctedSince' | 'retractedSince' | 'undated', number>>;
    }
    const read = async (path: string, headers = {}) => application.get<WithHidden>(path, headers);
    const pinned = '?recordedAt=@8&knownAt=2024-10-10&validAt=2024-07-15';
    for (const path of [
      '/v1/policies/harbour-toll',
      '/v1/policies',
      '/v1/policies/harbour-toll/timeline',
      '/v1/events',
    ]) {
      const { body, headers } = await read(`${path}${pinned}&hidden=true`);
      expect({ path, ...body.hidden }).toEqual({
        path,
        later: expect.any(Number),
        correctedSince: expect.any(Number),
        retractedSince: expect.any(Number),
        undated: expect.any(Number),
      });
      expect(headers.get('cache-control')).toBe('no-cache');
      expect(body.permalink).not.toContain('hidden');
      expect((await read(body.permalink)).body.hidden).toBeUndefined();
    }
    const path = `/v1/events${pinned}&policy=harbour-toll&hidden=true`;
    const before = await read(path);
    const tag = before.headers.get('etag') ?? '';
    expect((await read(path, { 'if-none-match': tag })).status).toBe(304);
    const other = { ...correction, key: 'later-correction', target: 'toll-commenced', changes: { note: 'Misread.' } };
    expect((await application.post('/v1/policies/harbour-toll/events', other)).status).toBe(201);
    const after = await read(path, { 'if-none-match': tag });
    expect(after.status).toBe(200);
    expect(after.body.hidden?.correctedSince).toBe((before.body.hidden?.correctedSince ?? 0) + 1);
  });

  const textAt = async (path: string): Promise<string> => (await checkedFetch(`${application.url}${path}`)).text();

  it('explains the states of a list as it explains each alone', async () => {
    const at = 'knownAt=2025-06-01&explain=true';
    const { body } = await application.get<List<State>>(`/v1/policies?${at}&limit=1000`);
    expect(body.items.map(({ policy }) => policy)).toEqual(['ferry-pact', 'harbour-toll', 'light-tower']);
    for (const { policy, state, blame } of body.items) {
      const alone = await application.get<State>(`/v1/policies/${policy}?${at}`);
      expect({ state, blame }).toEqual({ state: alone.body.state, blame: alone.body.blame });
    }
  });

  it('does not say what had been recorded by an instant while that can still change', async () => {
    const administrator = new pg.Client({ connectionString: application.databaseUrl });
    await administrator.connect();
    await administrator.query('BEGIN; SELECT FROM log.head FOR UPDATE');
    const instant = new Date().toISOString();
    const addresses = [
      `/v1/policies/harbour-toll?recordedAt=${instant}`,
      `/v1/figures?recordedAt=${instant}`,
      `/v1/diff?from.recordedAt=@1&to.recordedAt=${instant}`,
    ];
    const refused = await Promise.all(addresses.map((address) => application.get<ProblemAnswer>(address)));
    expect(refused.map(({ status, body }) => [status, body.type])).toEqual(
      addresses.map(() => [503, 'urn:policy-timeline:problem:not-settled']),
    );
    await administrator.query('COMMIT');
    await administrator.end();
    for (const address of addresses) expect((await application.get(address)).status).toBe(200);
  });

  it('sends an alias to its policy', async () => {
    const { status, headers } = await application.get('/v1/policies/beacon/timeline?knownAt=2025-01-01&limit=3');
    expect([status, headers.get('location')]).toEqual([
      308,
      `${application.url}/v1/policies/light-tower/timeline?knownAt=2025-01-01&limit=3`,
    ]);
  });

  it('pages through a list at the coordinate of its first page', async () => {
    const all = await application.get<List<Event>>('/v1/events?limit=1000&knownAt=2025-06-01');
    const seen: string[] = [];
    let path: string | null = '/v1/events?limit=3&knownAt=2025-06-01';
    while (path !== null) {
      const { body, headers }: { body: List<Event>; headers: Headers } = await application.get<List<Event>>(path);
      expect(body.items.length).toBeLessThanOrEqual(3);
      expect(body.coordinate).toEqual(all.body.coordinate);
      seen.push(...body.items.map(({ key }) => key));
      const link: string | null = /^<(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1] ?? null;
      expect(link?.includes(body.next ?? 'nowhere') ?? body.next === null).toBe(true);
      expect(link ?? application.url).toMatch(new RegExp(`^${application.url}`));
      path = link;
      // Something is recorded between two pages.
      if (seen.length === 3)
        await application.post('/v1/policies/harbour-toll/events', {
          ...correction,
          key: 'between',
          reason: 'Between two pages.',
        });
    }
    expect(seen).toEqual(all.body.items.map(({ key }) => key));
    for (const model of ['policies', 'sources', 'actors', 'figures']) {
      const whole = await application.get<List<unknown>>(`/v1/${model}?limit=1000`);
      const first = await application.get<List<unknown>>(`/v1/${model}?limit=1`);
      expect([first.body.items.length, first.body.next === null]).toEqual([
        Math.min(1, whole.body.items.length),
        whole.body.items.length <= 1,
      ]);
    }
  });

  it('lets an answer be used again', async () => {
    const { body, headers } = await application.get<State>('/v1/policies/harbour-toll?knownAt=2024-10-10');
    expect(headers.get('cache-control')).toBe('no-cache');
    const pinned = await application.get(body.permalink);
    const tag = pinned.headers.get('etag') ?? '';
    expect([pinned.headers.get('cache-control'), tag]).toEqual(['max-age=300', expect.stringMatching(/^"[\w-]+"$/)]);
    const again = await application.get(body.permalink, { 'if-none-match': tag });
    expect([again.status, again.body, again.headers.get('etag'), again.headers.get('cache-control')]).toEqual([
      304,
      '',
      tag,
      'max-age=300',
    ]);
    expect(again.headers.get('vary')).toBe(pinned.headers.get('vary'));
    expect(again.headers.get('content-length')).toBeNull();
    expect((await application.get(`${body.permalink}&explain=true`, { 'if-none-match': tag })).status).toBe(200);
    const instants = body.permalink.replace(/@\d+/, String(body.coordinate.recordedAt.at));
    expect((await application.get(instants)).headers.get('cache-control')).toBe('max-age=300');
    const diff = await application.get<Difference>('/v1/diff?from=2024-01-01&to=2025-01-01');
    const pinnedDiff = await application.get(diff.body.permalink);
    expect(pinnedDiff.headers.get('cache-control')).toBe('max-age=300');
    expect(
      (await application.get(diff.body.permalink, { 'if-none-match': pinnedDiff.headers.get('etag') ?? '' })).status,
    ).toBe(304);
  });

  it('tells the tags of the forms of a pinned answer apart, before it is made', async () => {
    const { body } = await application.get<Read>('/v1/events?knownAt=2025-06-01&limit=20');
    const forms = ['gzip', 'identity', 'gzip;q=0.5, identity;q=0.1', 'deflate'];
    const tags = await Promise.all(
      forms.map(async (form) =>
        (await application.get(body.permalink, { 'accept-encoding': form })).headers.get('etag'),
      ),
    );
    expect(new Set(tags).size).toBe(3);
    for (const form of forms)
      for (const tag of tags) {
        const headers = { 'accept-encoding': form, 'if-none-match': tag ?? '' };
        const { status } = await application.get(body.permalink, headers);
        expect({ form, tag, status }).toEqual({ form, tag, status: tag === tags[forms.indexOf(form)] ? 304 : 200 });
      }
  });

  it('leaves out an answer of now that says nothing new, and only that', async () => {
    const addresses = [
      '/v1/policies/harbour-toll',
      '/v1/policies/harbour-toll?explain=true',
      '/v1/policies/light-tower',
      '/v1/policies?q=light',
      '/v1/policies/light-tower/timeline',
      '/v1/events?policy=light-tower',
      '/v1/figures?policy=light-tower',
      '/v1/policies/light-tower/diff?from=2024-01-01&to.recordedAt=' + new Date().toISOString().slice(0, 10),
    ];
    const before = await Promise.all(addresses.map((address) => application.get<Read>(address)));
    const tagOf = ({ headers }: { readonly headers: Headers }): string => headers.get('etag') ?? '';
    expect(before.map(tagOf)).toEqual(addresses.map(() => expect.stringMatching(/^W\/"[\w-]+"$/)));
    const recorded = await application.post('/v1/policies/harbour-toll/events', {
      ...correction,
      key: 'elsewhere',
      reason: 'Of another policy.',
      changes: { terms: [{ key: 'price', value: 78, unit: 'GBP' }] },
    });
    expect(recorded.status).toBe(201);
    const again = await Promise.all(
      addresses.map((address, index) =>
        application.get(address, { 'if-none-match': before[index] ? tagOf(before[index]) : '' }),
      ),
    );
    expect(again.map(({ status }) => status)).toEqual([200, 200, ...addresses.slice(2).map(() => 304)]);
    expect(again.slice(2).map(tagOf)).toEqual(before.slice(2).map(tagOf));
  });

  it('answers HEAD, a suffix and a format it does not have', async () => {
    const head = await checkedFetch(
      `${application.url}/v1/policies/harbour-toll?knownAt=2024-10-10&validAt=2024-10-10&recordedAt=@5`,
      { method: 'HEAD' },
    );
    expect([head.status, await head.text(), head.headers.get('cache-control')]).toEqual([200, '', 'max-age=300']);
    expect((await application.get<State>('/v1/policies/harbour-toll.json')).body.policy).toBe('harbour-toll');
    expect((await application.get('/v1/policies/harbour-toll.csv')).status).toBe(406);
    expect((await application.get('/v1/policies/harbour-toll', { accept: 'text/csv' })).status).toBe(406);
  });

  it.each([
    ['/v1/actors?actor=port%20bord', ['Port Board']],
    ['/v1/events?actor=Ministry', ['Transport Ministry']],
    ['/v1/policies/harbour-toll/timeline?actor=Transport+Minstry', ['Transport Ministry']],
    ['/v1/negotiations?counterparty=Norlands', ['Norland']],
    ['/v1/sources?publisher=Harbor%20Gazette', ['Harbour Gazette']],
    ['/v1/events?actor=Ministry&affiliated=true', ['Transport Ministry']],
    ['/v1/actors?actor=Somebody%20Else', undefined],
    ['/v1/actors?actor=Port%20Board&knownAt=1990-01-01', undefined],
  ])('tells the names like one that nothing has: %s', async (path, near) => {
    const { status, body } = await application.get<List<unknown> & { near?: readonly string[] }>(path);
    expect([status, body.items, body.near]).toEqual([200, [], near]);
  });

  it('reads several events by their keys', async () => {
    const { body } = await application.get<List<{ readonly key: string }>>(
      '/v1/events?key=toll-commenced,nothing,toll-announced',
    );
    expect(body.items.map(({ key }) => key)).toEqual(['toll-announced', 'toll-commenced']);
  });

  it('changes one state into the other by its patch', async () => {
    const patchOf = async (path: string): Promise<Operation[]> => {
      const { headers, body } = await application.get<Operation[]>(
        `${path}?from=2024-01-11&to=2024-12-31&format=json-patch`,
      );
      expect(headers.get('content-type')).toMatch('application/json-patch+json');
      expect((await application.get(headers.get('content-location') ?? '')).body).toEqual(body);
      return body;
    };
    const statesAt = async (day: string): Promise<Record<string, unknown>> => {
      const { items } = (await application.get<List<State>>(`/v1/policies?limit=1000&knownAt=${day}`)).body;
      return Object.fromEntries(items.map(({ policy, state }) => [policy, state]));
    };
    const [before, after] = [await statesAt('2024-01-11'), await statesAt('2024-12-31')];
    const one = structuredClone(before['harbour-toll']);
    expect(applyPatch(one, await patchOf('/v1/policies/harbour-toll/diff')).filter(Boolean)).toEqual([]);
    expect(one).toEqual(after['harbour-toll']);
    const all = structuredClone(before);
    expect(applyPatch(all, await patchOf('/v1/diff')).filter(Boolean)).toEqual([]);
    expect(all).toEqual(after);
    expect(after).not.toEqual(before);
  });
});
