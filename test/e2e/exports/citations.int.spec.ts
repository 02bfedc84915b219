import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { canonicalJson } from '../../../libs/event-log/src/index.js';
import { eventually } from '../../support/eventually.js';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { type MigratedDatabase, createMigratedDatabase } from '../../support/databases/migrated-database.js';
import { insertTimed } from '../../support/databases/timed-log.js';
import { clientOf, parseLines, startOn, type TestApplication } from '../running-application.js';
import { SLUGS, foldOf, instantsAmong, recordedOverTime, partOfFold } from './recorded-over-time.js';
import type { ProblemAnswer, Read, State } from '../reads/answers.js';

interface Citation {
  readonly id: string;
  readonly url: string;
  readonly citationUrl: string;
  readonly answerSha256: string;
  readonly fold: number;
  readonly root: string;
  readonly size: number;
  readonly cite: Readonly<Record<'text' | 'bibtex' | 'ris' | 'html', string>> & {
    readonly csl: { readonly URL: string };
  };
}

interface Judged extends Citation {
  readonly holds: boolean;
  readonly reproduced: boolean;
  readonly why: readonly { readonly code: string; readonly text: string; readonly events: readonly string[] }[];
  readonly checkpoint: { readonly then: object; readonly now: { readonly size: number }; readonly proof: string };
}

interface TimeMap {
  readonly count: number;
  readonly mementos: readonly { readonly at: string; readonly url: string }[];
  readonly pages: readonly { readonly url: string }[];
}

/** A thousand events and a rebuild take their time where others are at work. */
const LONG_MS = 180_000;

const PUBLIC_URL = 'https://policies.example';

const late = (key: string, more: object) => ({
  key,
  type: 'record.corrected',
  policy: 'harbour-toll',
  occurred: '2025-01-01',
  publishedAt: '2025-01-01',
  summary: 'Misread.',
  reason: 'Misread.',
  ...more,
});

const lamp = {
  policy: 'lamp-tax',
  occurred: '2024-03-06',
  publishedAt: '2024-03-06',
  summary: 'About lamps.',
  epistemic: 'confirmed',
  sources: [{ publisher: 'River Post', title: 'Lamps', publishedAt: '2024-03-06', genre: 'news' }],
  actors: [{ name: 'Tom Okafor', kind: 'person' }],
};

const lampEvents = [
  {
    ...lamp,
    key: 'lamps-counted',
    type: 'figure.reported',
    figures: [{ measure: 'lamps', value: 240, comparator: 'approx', unit: 'lamps' }],
  },
  { ...lamp, key: 'okafor-opposes', type: 'position.stated', stance: 'oppose' },
];

/** Random events about two policies, recorded one after the other in the two years that they are about. */
const RECORDED = recordedOverTime({ count: 60, seed: Number(process.env['PROPERTY_SEED'] ?? 20261130) });

/** So many random instants are asked for, and as many on and beside the edges of what was recorded. */
const INSTANTS = Number(process.env['MEMENTO_INSTANTS'] ?? 12);

/** Hundreds of instants take more than a few do. */
const INSTANTS_MS = LONG_MS + 1_000 * INSTANTS;

describe('a citation', () => {
  let database: MigratedDatabase;
  let started: Awaited<ReturnType<typeof startOn>>;
  let application: Omit<TestApplication, 'stop'>;
  beforeAll(async () => {
    database = await createMigratedDatabase();
    await insertTimed(database.url, RECORDED);
    started = await startOn(database.url, { PUBLIC_URL, PUBLISHER: 'Harbour Institute', LICENCE: 'CC-BY-4.0' });
    application = { ...clientOf(started.url), databaseUrl: database.url };
    await application.importLines([
      ...parseLines('../worked-example/events.ndjson'),
      { policy: { slug: 'lamp-tax', title: 'Lamp tax', kind: 'scheme', jurisdiction: 'GB' } },
      ...lampEvents,
    ]);
  });
  afterAll(async () => {
    await started.stop();
    await database.drop();
  });

  const cite = async (url: string) => application.post<Citation>('/v1/citations', { url });
  const judged = async ({ id }: Citation): Promise<Judged> => (await application.get<Judged>(`/c/${id}`)).body;
  const permalinkOf = async (path: string): Promise<string> => (await application.get<Read>(path)).body.permalink;
  const STATE = '/v1/policies/harbour-toll?knownAt=2025-06-01&validAt=2024-03-10';

  it('is kept once for an address, with the hash of its answer and the log behind it', async () => {
    const permalink = await permalinkOf(STATE);
    const first = await cite(permalink);
    expect(first.status).toBe(201);
    const { meta: _meta, permalink: _permalink, url: _url, ...said } = (await application.get<State>(permalink)).body;
    const answerSha256 = createHash('sha256').update(canonicalJson(said)).digest('hex');
    expect(first.body).toMatchObject({ url: `${PUBLIC_URL}${permalink}`, answerSha256, fold: 2 });
    expect((await application.get<State>(permalink)).body.url).toBe(`${PUBLIC_URL}${permalink}`);
    expect(first.headers.get('location')).toBe(`${PUBLIC_URL}/c/${first.body.id}`);
    const proof = await application.get<{ readonly toRoot: string }>(
      `/v1/audit/proof/consistency?from=1&to=${first.body.size}`,
    );
    expect(first.body.root).toBe(proof.body.toRoot);
    for (const again of [permalink, `${PUBLIC_URL}${permalink}`, `${application.url}${permalink}`, encoded(permalink)])
      expect(await cite(again)).toMatchObject({ status: 200, body: first.body });
    expect(await judged(first.body)).toMatchObject({ ...first.body, holds: true, reproduced: true, why: [] });
  });

  const encoded = (permalink: string): string => permalink.replaceAll('@', '%40').replaceAll(':', '%3A');

  it('of a page has the answer that the page shows', async () => {
    const permalink = await permalinkOf(STATE);
    const [data, page] = [await cite(permalink), await cite(permalink.replace('/v1', ''))];
    expect(page.body.url).toBe(data.body.url.replace('/v1', ''));
    expect(page.body.answerSha256).toBe(data.body.answerSha256);
    expect(page.body.id).not.toBe(data.body.id);
    const board = await cite((await permalinkOf('/v1/policies?knownAt=2025-06-01')).replace('/v1/policies', '/'));
    expect(board.status).toBe(201);
    expect((await judged(board.body)).holds).toBe(true);
  });

  it.each([
    ['/v1/policies/harbour-toll?knownAt=2025-06-01', 'is not pinned'],
    ['/v1/policies/harbour-toll?recordedAt=@1000000&knownAt=2025-06-01&validAt=2025-06-01', 'no answer to cite'],
    ['/v1/policies/harbor-toll?recordedAt=@3&knownAt=2025-06-01&validAt=2025-06-01', 'no answer to cite'],
    ['https://elsewhere.example/v1/policies', 'is not an address of this service'],
    ['//elsewhere.example/v1/policies', 'is not a well-formed address'],
    ['not an address', 'is not a well-formed address'],
    ['/v1/stream', 'has no answer at a coordinate'],
    ['/v1/policies/harbour-toll/stream', 'has no answer at a coordinate'],
    ['/v1/audit/export', 'has no answer at a coordinate'],
    ['/audit', 'has no answer at a coordinate'],
    ['/openapi.json', 'no answer to cite'],
    ['/v1/policies/harbour-toll?recordedAt=@9&%77ithout=event:toll-announced', 'leaves something out'],
    ['/v1/%73tream', 'no answer at a coordinate'],
    ['/v1/policies/harbour-toll/strea%6D', 'no answer at a coordinate'],
    ['/v1/a%75dit/checkpoint', 'no answer at a coordinate'],
    ['/v1/promises.ics?recordedAt=@9', 'no answer at a coordinate'],
  ])('is refused for %s, with the reason', async (url, reason) => {
    const refused = await application.post<ProblemAnswer>('/v1/citations', { url });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/url', code: 'not-citable' }] } });
    expect(refused.body.detail).toContain(reason);
  });

  it('is refused without an address', async () => {
    for (const body of [{}, { url: '' }, { url: STATE, more: 1 }, [STATE]])
      expect((await application.post('/v1/citations', body)).status).toBe(422);
    expect((await application.get('/c/0123456789abcdef')).status).toBe(404);
    expect((await application.get('/c/nothing')).status).toBe(404);
  });

  it('is named by the impact of an event that it rests on, and by no other', async () => {
    const times = ['knownAt=2024-01-20', 'knownAt=2024-07-15', 'knownAt=2024-07-15&validAt=2024-03-10'];
    const paths = [
      ...times.flatMap((at) => ['harbour-toll', 'ferry-pact'].map((slug) => `/v1/policies/${slug}?${at}`)),
      ...['/v1/policies/harbour-toll/timeline', '/v1/figures?policy=harbour-toll', '/v1/events/toll-announced'].map(
        (path) => `${path}${path.includes('?') ? '&' : '?'}knownAt=2024-07-15`,
      ),
    ];
    const cited: Citation[] = [];
    for (const path of paths) cited.push((await cite(await permalinkOf(path))).body);
    cited.push((await cite((await permalinkOf(STATE)).replace('/v1', ''))).body);
    const listed = { changed: 0, evidence: 0 };
    for (const [key, policy] of [
      ['toll-proposed', 'harbour-toll'],
      ['toll-announced', 'harbour-toll'],
      ['toll-price-correction', 'harbour-toll'],
      ['pact-signed', 'ferry-pact'],
      ['pact-collapsed-false', 'ferry-pact'],
    ] as const) {
      const asked = `/v1/impact?event=${key}`;
      const { citations = [] } = (await application.get<Impact>(asked)).body;
      for (const { id, url } of cited) {
        const found = citations.find((each) => each.id === id);
        const expected = await whyByDefinition(url.replace(PUBLIC_URL, ''), { key, policy });
        expect({ key, url, why: found?.why }).toEqual({ key, url, why: expected });
        if (found) listed[found.why] += 1;
      }
      const pinned = (await application.get<Impact>(await permalinkOf(asked))).body;
      expect([pinned.rests.length > 0, pinned.citations]).toEqual([true, undefined]);
    }
    expect(Math.min(listed.changed, listed.evidence)).toBeGreaterThan(3);
  });

  interface Impact extends Read {
    readonly rests: readonly object[];
    readonly citations?: readonly { readonly id: string; readonly why: 'changed' | 'evidence' }[];
  }

  /** What the documentation says of it: by the same answer without the event, and by the events in force. */
  async function whyByDefinition(url: string, { key, policy }: { readonly key: string; readonly policy: string }) {
    const [path = '', times = ''] = url.replace(/^(?!\/v1)/, '/v1').split('?');
    const subject = /[?&]policy=([^&]+)/.exec(url)?.[1] ?? path.split('/')[3];
    if (subject !== policy && subject !== key) return undefined;
    const coordinate = times.replace(/&?policy=[^&]+/, '');
    if (path === `/v1/policies/${policy}`) {
      const state = async (more: string) =>
        JSON.stringify((await application.get<State>(`${path}?${coordinate}${more}`)).body.state);
      if ((await state('')) !== (await state(`&without=event:${key}`))) return 'changed';
    }
    const { body } = await application.get<{ readonly items: readonly { readonly key: string }[] }>(
      `/v1/policies/${policy}/timeline?${coordinate}&records=true&limit=1000`,
    );
    return body.items.some((event) => event.key === key) ? 'evidence' : undefined;
  }

  it('shows readers a page and programs JSON', async () => {
    const { body } = await cite(await permalinkOf(STATE));
    const page = await checkedFetch(`${application.url}/c/${body.id}`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type'), page.headers.get('vary')]).toEqual([
      200,
      'text/html; charset=utf-8',
      expect.stringMatching(/accept/i),
    ]);
    const html = await page.text();
    for (const part of ['This citation holds.', body.answerSha256, 'Harbour Institute', 'data-versionurl='])
      expect(html).toContain(part);
    const json = await application.get<Judged>(`/c/${body.id}.json`, { accept: 'text/html' });
    expect(json.body).toMatchObject({ holds: true });
  });

  it('comes in the formats of reference managers, as any pinned address does', async () => {
    const permalink = await permalinkOf(STATE);
    const [path, query] = permalink.split('?');
    const { body } = await cite(permalink);
    const read = async (address: string, accept = '*/*'): Promise<readonly [string | null, string]> => {
      const answer = await checkedFetch(`${application.url}${address}`, { headers: { accept } });
      expect(answer.status).toBe(200);
      return [answer.headers.get('content-type'), await answer.text()];
    };
    expect(await read(`/c/${body.id}.bib`)).toEqual(['application/x-bibtex; charset=utf-8', body.cite.bibtex]);
    expect((await read(`/c/${body.id}.ris`))[1]).toBe(body.cite.ris);
    expect(JSON.parse((await read(`/c/${body.id}.csl.json`))[1])).toEqual([body.cite.csl]);
    expect((await read(`${path}.bib?${query}`, 'application/x-bibtex'))[1]).toContain(body.answerSha256);
    const [type, items] = await read(`${path}.csl.json?${query}`);
    expect(type).toBe('application/vnd.citationstyles.csl+json; charset=utf-8');
    expect(JSON.parse(items)).toMatchObject([{ URL: `${PUBLIC_URL}${permalink}`, title: 'Harbour toll' }]);
    expect((await read(`${path?.replace('/v1', '')}.ris?${query}`))[1]).toContain(
      `UR  - ${PUBLIC_URL}${permalink.replace('/v1', '')}`,
    );
    const seek = (address: string) => application.get(address);
    const moved = await seek(STATE.replace('?', '.bib?'));
    expect([moved.status, moved.headers.get('location')]).toEqual([302, `${PUBLIC_URL}${path}.bib?${query}`]);
    expect((await seek('/v1/policies/nothing.bib')).status).toBe(404);
    expect((await seek('/v1/audit/checkpoint.bib')).status).toBe(406);
  });

  it(
    'holds after a thousand later events, corrections and a rebuild, unless one of them concerns it',
    async () => {
      const cited = {
        state: (await cite(await permalinkOf(STATE))).body,
        timeline: (await cite(await permalinkOf('/v1/policies/harbour-toll/timeline?knownAt=2025-06-01'))).body,
        figures: (await cite(await permalinkOf('/v1/figures?policy=harbour-toll&knownAt=2025-06-01'))).body,
        diff: (await cite(await permalinkOf('/v1/policies/harbour-toll/diff?from=2024-03-01&to=2025-06-01'))).body,
      };
      const events = Array.from({ length: 1_000 }, (_, index) => ({
        ...late(`lamp-${index}`, { policy: 'lamp-tax' }),
        ...(index % 2 === 0
          ? { type: 'policy.announced', epistemic: 'confirmed', reason: undefined, occurred: '2024-01-01' }
          : { target: `lamp-${index - 1}`, changes: { summary: `Lamps, ${index}.` } }),
        ...(index % 2 === 0
          ? { sources: [{ publisher: 'Post', title: 'Lamps', publishedAt: '2024-01-01', genre: 'news' }] }
          : {}),
      }));
      const [summary] = (await application.importLines(events)).slice(-1);
      expect(summary).toMatchObject({ summary: { recorded: 1_000, rejected: 0 } });
      expect((await application.post('/v1/projections/policy-facts/rebuild', {})).status).toBe(202);
      await eventually('it is done', async () => {
        const { body } = await application.get<{
          readonly items: readonly { name: string; rebuild: { state: string } | null }[];
        }>('/v1/projections');
        return body.items.find(({ name }) => name === 'policy-facts')?.rebuild?.state === 'done';
      });
      for (const [of, each] of Object.entries(cited))
        expect({ of, ...(await judged(each)) }).toMatchObject({ of, holds: true, reproduced: true, why: [] });
      const correction = late('price-misread', {
        target: 'toll-announced',
        changes: { terms: [{ key: 'price', value: 77, unit: 'GBP' }] },
      });
      expect((await application.post('/v1/policies/harbour-toll/events', correction)).status).toBe(201);
      for (const kind of ['state', 'timeline', 'diff'] as const) {
        const verdict = await judged(cited[kind]);
        expect({ kind, ...verdict }).toMatchObject({
          kind,
          holds: false,
          reproduced: true,
          why: [{ code: 'changed', events: expect.arrayContaining(['price-misread']) }],
        });
        expect(verdict.why[0]?.events.filter((key) => key.startsWith('lamp'))).toEqual([]);
        expect(verdict.checkpoint.now.size).toBeGreaterThan(cited[kind].size);
        const proof = await application.get(verdict.checkpoint.proof.replace(PUBLIC_URL, ''));
        expect(proof.body).toMatchObject({ fromRoot: cited[kind].root });
      }
      expect((await judged(cited.figures)).holds).toBe(true);
      const page = await checkedFetch(`${application.url}/c/${cited.state.id}`, { headers: { accept: 'text/html' } });
      expect(await page.text()).toContain('href="/events/price-misread"');
    },
    LONG_MS,
  );

  it('has its like in mementos: each time leads to the pinned answer at which it began', async () => {
    const path = '/v1/policies/harbour-toll';
    const { body: map } = await application.get<TimeMap>(`${path}/timemap.json`);
    const beginnings = map.mementos.map(({ at }) => Date.parse(at));
    expect(map.count).toBe(beginnings.length);
    expect([...beginnings].sort((one, other) => one - other)).toEqual(beginnings);
    const [first = 0, last = 0] = [beginnings[0], beginnings.at(-1)];
    const own = (url: string): string => url.replace(PUBLIC_URL, '');
    const seek = (at: number, more = '') =>
      application.get(`${path}${more}`, { 'accept-datetime': new Date(at).toUTCString() });
    const around = beginnings.flatMap((at) => [at, at + 1_000]).slice(-20);
    for (const at of [first - 86_400_000, ...around, last + 86_400_000].map((each) => each - (each % 1_000))) {
      const gate = await seek(at);
      const place = Math.max(
        0,
        beginnings.findLastIndex((beginning) => beginning <= at),
      );
      expect({ at, status: gate.status, location: gate.headers.get('location') }).toEqual({
        at,
        status: 302,
        location: map.mementos[place]?.url,
      });
      expect([gate.headers.get('vary'), gate.headers.has('memento-datetime')]).toEqual([
        expect.stringContaining('accept-datetime'),
        false,
      ]);
      const memento = await application.get<State>(own(gate.headers.get('location') ?? ''), {
        'accept-datetime': 'ignored',
      });
      expect([memento.status, memento.headers.get('memento-datetime')]).toEqual([
        200,
        new Date(beginnings[place] ?? 0).toUTCString(),
      ]);
      expect(memento.headers.get('vary')).not.toContain('datetime');
      if (at < first || at > Date.now()) continue;
      const instant = new Date(at).toISOString();
      const then = await application.get<State>(`${path}?recordedAt=${instant}&knownAt=${instant}&validAt=${instant}`);
      const said = ({ state, uncertain, eventCount }: State) => ({ state, uncertain, eventCount });
      expect(said(memento.body)).toEqual(said(then.body));
    }
    const explained = await seek(last + 1_000, '?explain=true');
    expect(explained.headers.get('location')).toBe(`${map.mementos.at(-1)?.url}&explain=true`);
    const links = await application.get<string>(`${path}/timemap`, { accept: 'application/link-format' });
    expect(links.headers.get('content-type')).toMatch(/^application\/link-format/);
    const listed = [...links.body.matchAll(/<([^>]+)>; rel="[a-z ]*memento"; datetime="([^"]+)"/g)];
    expect(listed.map(([, url, date]) => [url, date])).toEqual(
      map.mementos.map(({ at, url }) => [url, new Date(at).toUTCString()]),
    );
    expect(links.body).toContain(`<${PUBLIC_URL}${path}>; rel="original timegate"`);
    const plain = await application.get(path);
    expect([plain.status, plain.headers.get('vary')]).toEqual([200, expect.stringContaining('accept-datetime')]);
    expect((await application.get(`${path}/timemap?page=99`)).status).toBe(400);
  });

  it(
    'has its like in mementos: at any instant they answer as all three times there do, and as the fold does',
    async () => {
      let [seen, answers] = [0, 0];
      for (const slug of SLUGS) {
        const path = `/v1/policies/${slug}`;
        const { body: map } = await application.get<TimeMap>(`${path}/timemap.json`);
        const { body: more } = await application.get<TimeMap>(`${path}/timemap.json?page=${map.pages.length}`);
        const mementos = map.pages.length > 1 ? [...map.mementos, ...more.mementos] : map.mementos;
        expect(map.count).toBe(mementos.length);
        const saidAt = await foldOf(database.pool, slug);
        for (const { at } of mementos)
          expect({ slug, at, isAnother: saidAt(Date.parse(at)) !== saidAt(Date.parse(at) - 1) }).toMatchObject({
            isAnother: true,
          });
        for (const at of instantsAmong(
          mementos.map((each) => Date.parse(each.at)),
          INSTANTS,
        )) {
          const began = mementos.findLast((each) => Date.parse(each.at) <= at);
          expect({ slug, at, said: saidAt(at) }).toEqual({ slug, at, said: began && saidAt(Date.parse(began.at)) });
          const written = new Date(at).toISOString();
          const then = await application.get<State>(
            `${path}?recordedAt=${written}&knownAt=${written}&validAt=${written}`,
          );
          expect({ slug, at, status: then.status }).toMatchObject({ status: began ? 200 : 404 });
          if (began === undefined) continue;
          expect(canonicalJson(partOfFold(then.body))).toBe(saidAt(at));
          answers += 1;
          const gate = await application.get(path, { 'accept-datetime': new Date(at).toUTCString() });
          const second = mementos.findLast((each) => Date.parse(each.at) <= at - (at % 1_000)) ?? mementos[0];
          expect(gate.headers.get('location')).toBe(second?.url);
          const memento = await application.get<State>((second?.url ?? '').replace(PUBLIC_URL, ''));
          expect(canonicalJson(partOfFold(memento.body))).toBe(saidAt(Date.parse(second?.at ?? '')));
        }
        seen += mementos.length;
      }
      expect(seen).toBeGreaterThan(40);
      expect(answers).toBeGreaterThan(INSTANTS);
    },
    INSTANTS_MS,
  );

  it.each([
    'yesterday',
    '2025-07-08T12:00:00Z',
    'Tue, 08 Jul 2025 12:00:00 +0100',
    'Tue, 08 Jul 2025 12:00:00 UTC',
    'tue, 08 jul 2025 12:00:00 gmt',
    'Mon, 08 Jul 2025 12:00:00 GMT',
    'Tue, 31 Jun 2025 12:00:00 GMT',
    'Tuesday, 08-Jul-25 12:00:00 GMT',
  ])('cannot be sought at %s', async (date) => {
    const answer = await application.get('/v1/policies/harbour-toll', { 'accept-datetime': date });
    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:policy-timeline:problem:invalid-header' } });
  });

  it('is of rows that readers by SQL see, too', async () => {
    const reader = new pg.Client({ connectionString: application.databaseUrl, options: '-c role=ptl_reader' });
    await reader.connect();
    const columns = {
      figures: ['policy', 'event', 'measure', 'value', 'unit', 'comparator', 'epistemic'],
      positions: ['policy', 'event', 'actor', 'stance'],
    };
    for (const [name, wanted] of Object.entries(columns)) {
      const { body } = await application.get<{ readonly items: readonly Readonly<Record<string, unknown>>[] }>(
        `/v1/${name}?knownAt=2025-06-01T00:00:00Z`,
      );
      const { rows } = await reader.query<Record<string, unknown>>(
        `SELECT * FROM analytics_v1.${name}_at('2025-06-01T00:00:00Z')`,
      );
      const cells = (items: readonly Readonly<Record<string, unknown>>[]) =>
        items.map((row) => JSON.stringify(wanted.map((column) => row[column]))).sort();
      expect(body.items.length).toBeGreaterThan(0);
      expect({ name, rows: cells(rows) }).toEqual({ name, rows: cells(body.items) });
    }
    await reader.end();
  });

  it('says when facts follow by other rules now, and when an answer is not what it was', async () => {
    const { body } = await cite(await permalinkOf('/v1/policies/lamp-tax?knownAt=2025-06-01'));
    const administrator = new pg.Client({ connectionString: application.databaseUrl });
    await administrator.connect();
    const codes: string[] = [];
    for (const fold of [body.fold, body.fold - 1]) {
      await administrator.query("UPDATE citation.citations SET fold = $2, answer_sha256 = '\\x00' WHERE id = $1", [
        body.id,
        fold,
      ]);
      const verdict = await judged(body);
      expect(verdict).toMatchObject({ holds: false, reproduced: false });
      codes.push(...verdict.why.map(({ code }) => code));
    }
    await administrator.end();
    expect(codes).toEqual(['differs', 'restated']);
  });
});
