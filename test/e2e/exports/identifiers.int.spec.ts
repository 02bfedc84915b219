import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { fieldsOf } from '../../../apps/dashboard/src/form/fields.js';
import { verifyAnswer } from '../../../libs/audit/src/index.js';
import { eventually } from '../../support/eventually.js';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { inProcess } from '../cli/running-ptl.js';
import type { List, State } from '../reads/answers.js';
import { createTestDatabase } from '../../support/databases/database.js';
import { type TestApplication, clientOf, runApplication, startOn } from '../running-application.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261201);
const LONG_MS = 300_000;

const SLUGS = ['quay-levy', 'lock-levy', 'ferry-pact'] as const;

const WIKIDATA = 'http://www.wikidata.org/entity/Q98765432';
const ACT = 'https://www.legislation.gov.uk/id/ukpga/2024/8';
const OWN = 'https://toll.example/über?lang=en&q=a,b#"x"';

const ADDRESSES = [WIKIDATA, ACT, OWN, 'https://members.parliament.uk/member/172'];

interface ShownState extends State {
  readonly sameAs?: readonly string[];
}

/** What is done to one policy: it is described anew, or such a description is corrected or retracted. */
interface Deed {
  readonly policy: string;
  readonly kind: 'describe' | 'rename' | 'correct' | 'retract';
  readonly sameAs: readonly string[];
  /** Which of the descriptions so far it is about, counted round. */
  readonly target: number;
}

const deeds: readonly Deed[] = fc.sample(
  fc.record({
    policy: fc.constantFrom(...SLUGS),
    kind: fc.constantFrom('describe', 'describe', 'rename', 'correct', 'correct', 'retract'),
    sameAs: fc.subarray(ADDRESSES).chain((some) => fc.shuffledSubarray(some, { minLength: some.length })),
    target: fc.nat(100),
  }),
  { numRuns: 40, seed: SEED },
);

/** The export is served from another address. */
const withoutUrl = ({ url: _url, ...state }: ShownState): object => state;

/** The definition: a description as recorded, and what was recorded of it since, each with its position. */
class Oracle {
  readonly #made: { key: string; policy: string; at: number; sameAs: [at: number, list: readonly string[]][] }[] = [];
  readonly #retracted = new Map<string, number>();

  constructor(private readonly registered: ReadonlyMap<string, { at: number; sameAs: readonly string[] }>) {}

  describe(key: string, policy: string, at: number, sameAs: readonly string[] | undefined): void {
    this.#made.push({ key, policy, at, sameAs: sameAs === undefined ? [] : [[at, sameAs]] });
  }

  correct(key: string, at: number, sameAs: readonly string[]): void {
    this.#made.find((each) => each.key === key)?.sameAs.push([at, sameAs]);
  }

  retract(key: string, at: number): void {
    this.#retracted.set(key, at);
  }

  /** Keys of the descriptions of a policy that were not taken back. */
  inForce(policy: string): readonly string[] {
    return this.#made.filter((each) => each.policy === policy && !this.#retracted.has(each.key)).map(({ key }) => key);
  }

  /** What answers by what was recorded at a position; undefined before the registration. */
  at(policy: string, position: number): readonly string[] | undefined {
    const registered = this.registered.get(policy);
    if (!registered || registered.at > position) return undefined;
    return this.#made
      .filter(({ key, ...each }) => each.policy === policy && !((this.#retracted.get(key) ?? Infinity) <= position))
      .flatMap(({ sameAs }) => sameAs.filter(([at]) => at <= position).slice(-1))
      .reduce((_before, [, list]) => list, registered.sameAs);
  }
}

const about = (type: string, policy: string, key: string, more: object) => ({
  key,
  type,
  policy,
  occurred: '2024-03-05',
  publishedAt: '2024-03-06',
  summary: 'It is described elsewhere.',
  ...(type.startsWith('record.')
    ? { reason: 'The address was wrong.' }
    : {
        epistemic: 'confirmed',
        sources: [{ publisher: 'Ministry', title: 'Notice', publishedAt: '2024-03-06', genre: 'official' }],
      }),
  ...more,
});

const registration = (slug: string, more: object = {}) => ({
  slug,
  title: slug,
  kind: 'law',
  jurisdiction: 'GB',
  ...more,
});

describe('addresses that stand for a policy elsewhere', () => {
  let application: TestApplication;
  let folder: string;
  let oracle: Oracle;
  let head: number;

  async function record(body: { readonly policy: string }): Promise<number> {
    const answer = await application.post<{ position: number }>(`/v1/policies/${body.policy}/events`, body);
    expect([body, answer.status, answer.body]).toEqual([body, 201, expect.anything()]);
    return answer.body.position;
  }

  async function perform({ policy, kind, sameAs, target }: Deed, index: number): Promise<void> {
    const key = `deed-${index}`;
    const known = oracle.inForce(policy);
    const chosen = known[target % Math.max(1, known.length)];
    if (kind === 'rename' || kind === 'describe' || chosen === undefined) {
      const given = kind === 'rename' ? {} : { sameAs };
      const body = about('policy.redescribed', policy, key, { title: `${policy} ${index}`, ...given });
      oracle.describe(key, policy, await record(body), kind === 'rename' ? undefined : sameAs);
    } else if (kind === 'correct') {
      const body = about('record.corrected', policy, key, { target: chosen, changes: { sameAs } });
      oracle.correct(chosen, await record(body), sameAs);
    } else oracle.retract(chosen, await record(about('record.retracted', policy, key, { target: chosen })));
  }

  const read = async <Body>(path: string): Promise<Body> => (await application.get<Body>(path)).body;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ptl-same-as-'));
    application = await runApplication();
    const registered = new Map<string, { at: number; sameAs: readonly string[] }>();
    for (const [slug, sameAs] of [
      ['quay-levy', [WIKIDATA, ACT]],
      ['lock-levy', undefined],
      ['ferry-pact', []],
    ] as const) {
      const { body } = await application.post<{ position: number }>(
        '/v1/policies',
        registration(slug, sameAs ? { sameAs } : {}),
      );
      registered.set(slug, { at: body.position, sameAs: sameAs ?? [] });
    }
    oracle = new Oracle(registered);
    for (const [index, deed] of deeds.entries()) await perform(deed, index);
    head = await application.head();
    await read(`/v1/policies?atLeast=${head}`);
  }, LONG_MS);

  afterAll(async () => {
    await application.stop();
    await rm(folder, { recursive: true });
  });

  it(
    'are at each recorded time what was recorded by then, whatever was known, in lists, states, tables and SQL',
    async () => {
      const reader = new pg.Client({ connectionString: application.databaseUrl, options: '-c role=ptl_reader' });
      await reader.connect();
      const seen = new Set<string>();
      for (let position = 1; position <= head; position += 1) {
        const expected = SLUGS.flatMap((slug) => {
          const sameAs = oracle.at(slug, position);
          return sameAs === undefined ? [] : [[slug, sameAs] as const];
        }).sort();
        const query = `recordedAt=@${position}&knownAt=${position % 2 === 0 ? '1990-01-01' : '2025-01-01'}`;
        const { items } = await read<List<ShownState>>(`/v1/policies?${query}`);
        expect([position, items.map((item) => [item.policy, item.sameAs ?? []])]).toEqual([position, expected]);
        // An answer without an address is what it was before there were any: its hash may stand in a citation.
        for (const item of items) expect('sameAs' in item).toBe(item.sameAs !== undefined && item.sameAs.length > 0);
        const [slug = '', sameAs = []] = expected[position % expected.length] ?? [];
        const { sameAs: shown = [] } = await read<ShownState>(`/v1/policies/${slug}?${query}`);
        expect([position, shown]).toEqual([position, sameAs]);
        const rows = expected.flatMap(([policy, list]) => list.map((address, at) => [policy, at + 1, address]));
        const lines = await (
          await checkedFetch(`${application.url}/v1/policies.ndjson?table=identifiers&${query}`)
        ).text();
        const listed = lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
        expect([position, listed.map((row) => [row.policy, row.ordinal, row.address])]).toEqual([position, rows]);
        const sql = await reader.query(
          `SELECT policy, ordinal::int, authority, identifier, address FROM analytics_v1.identifiers_at(recorded => $1)
            ORDER BY policy, ordinal`,
          [position],
        );
        expect([position, sql.rows]).toEqual([position, listed]);
        seen.add(JSON.stringify(rows));
      }
      await reader.end();
      expect(seen.size).toBeGreaterThan(10);
    },
    LONG_MS,
  );

  it('find their policies, in whichever form the keeper writes them, at the recorded time', async () => {
    const item = 'https://www.wikidata.org/wiki/Q98765432';
    let found = 0;
    for (let position = 3; position <= head; position += 3)
      for (const [asked, listed] of [
        [item, WIKIDATA],
        [OWN, OWN],
        [ACT, ACT],
      ] as const) {
        const holders = SLUGS.filter((slug) => oracle.at(slug, position)?.includes(listed)).sort();
        const query = `recordedAt=@${position}&sameAs=${encodeURIComponent(asked)}`;
        const { items } = await read<List<ShownState>>(`/v1/policies?${query}`);
        expect([position, asked, items.map(({ policy }) => policy)]).toEqual([position, asked, holders]);
        found += holders.length;
      }
    expect(found).toBeGreaterThan(10);
    const { items } = await read<List<ShownState>>('/v1/policies?sameAs=https://www.wikidata.org/wiki/Q987');
    expect(items).toEqual([]);
    for (const wrong of ['Q98765432', 'javascript:alert(1)', 'wikidata.org'])
      expect(await application.get(`/v1/policies?sameAs=${encodeURIComponent(wrong)}`)).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('begins with http:// or https://') },
      });
    const listed = await inProcess(['policies', '--same-as', item, '--json'], { PTL_URL: application.url });
    const holders = SLUGS.filter((slug) => oracle.at(slug, head)?.includes(WIKIDATA)).sort();
    const { items: shown }: List<ShownState> = JSON.parse(listed.out);
    expect(shown.map(({ policy }) => policy)).toEqual(holders);
  });

  it(
    'are answered by an export alone, and by a proven answer, as by the service; a rebuild gives the same rows',
    async () => {
      const file = join(folder, 'export.ndjson');
      await writeFile(file, await (await checkedFetch(`${application.url}/v1/audit/export`)).text());
      const paths = [
        ...[5, 12, 25, head].map(
          (position) => `/v1/policies?recordedAt=@${position}&knownAt=2025-01-01&validAt=2025-01-01`,
        ),
        `/v1/policies?recordedAt=@${head}&knownAt=2025-01-01&validAt=2025-01-01&sameAs=${encodeURIComponent(ACT)}`,
      ];
      const before = await Promise.all(paths.map((path) => read<List<ShownState>>(path)));
      for (const [index, path] of paths.entries()) {
        const { out, code } = await inProcess(['ask', file, path, '--json']);
        const { items }: List<ShownState> = JSON.parse(out);
        expect([path, code, items.map(withoutUrl)]).toEqual([path, 0, before[index]?.items.map(withoutUrl)]);
      }
      const slug = SLUGS.find((each) => (oracle.at(each, head) ?? []).length > 0) ?? '';
      const proven = await read<ShownState>(`/v1/policies/${slug}?proof=true`);
      expect([proven.sameAs, verifyAnswer(proven)]).toMatchObject([oracle.at(slug, head), { verdict: 'verified' }]);
      await application.post('/v1/projections/policies/rebuild', {});
      const status = async () =>
        (await read<List<{ name: string; rebuild: { state: string } | null }>>('/v1/projections')).items.find(
          ({ name }) => name === 'policies',
        )?.rebuild;
      await eventually('it is rebuilt', async () => (await status())?.state === 'done');
      expect(await status()).toMatchObject({ isEqual: true });
      const after = await Promise.all(paths.map((path) => read<List<ShownState>>(path)));
      expect(after.map(({ items }) => items)).toEqual(before.map(({ items }) => items));
    },
    LONG_MS,
  );

  it(
    'are there once the rows of an older version, which had none, were built again at the start',
    async () => {
      const database = await createTestDatabase();
      const first = await startOn(database.url);
      await clientOf(first.url).post('/v1/policies', registration('quay-levy', { sameAs: [ACT] }));
      await clientOf(first.url).get('/v1/policies?atLeast=1');
      await first.stop();
      const owner = new pg.Client({ connectionString: database.url });
      await owner.connect();
      await owner.query(`ALTER TABLE read.policies DROP COLUMN same_as CASCADE; DROP TABLE read.identifiers CASCADE;
        UPDATE read.projections SET version = version - 10000, shape = 'older' WHERE name = 'policies'`);
      const again = await startOn(database.url);
      const client = clientOf(again.url);
      await eventually('it is rebuilt', async () => (await client.get('/v1/policies')).status === 200);
      const { body } = await client.get<List<ShownState>>(`/v1/policies?sameAs=${encodeURIComponent(ACT)}`);
      expect(body.items).toMatchObject([{ policy: 'quay-levy', sameAs: [ACT] }]);
      await eventually('the views are there', async () => {
        const views = `SELECT to_regclass('analytics_v1.identifiers') IS NOT NULL AS "isThere"`;
        return (await owner.query<{ isThere: boolean }>(views)).rows[0]?.isThere === true;
      });
      expect((await owner.query('SELECT identifier FROM analytics_v1.identifiers')).rows).toEqual([
        { identifier: 'ukpga/2024/8' },
      ]);
      expect((await owner.query('SELECT same_as FROM analytics_v1.policies')).rows).toEqual([{ same_as: [ACT] }]);
      await owner.end();
      await again.stop();
      await database.drop();
    },
    LONG_MS,
  );

  it('make a memento of their own, and are no change of the state', async () => {
    const pair = { policy: 'lock-levy', sameAs: ['https://lock.example/'] };
    const { body: before } = await application.get<{ pages: unknown; mementos: readonly object[] }>(
      '/v1/policies/lock-levy/timemap.json',
    );
    const from = head;
    await record(about('policy.redescribed', pair.policy, 'lock-elsewhere', { sameAs: pair.sameAs }));
    const { body: after } = await application.get<typeof before>('/v1/policies/lock-levy/timemap.json');
    expect(JSON.stringify(after).length).toBeGreaterThan(JSON.stringify(before).length);
    const { changes, addedEvents } = await read<{ changes: readonly object[]; addedEvents: readonly object[] }>(
      `/v1/policies/lock-levy/diff?from.recordedAt=@${from}&from=2025-01-01&to=2025-01-01`,
    );
    expect([changes, addedEvents]).toEqual([[], [{ policy: 'lock-levy', key: 'lock-elsewhere' }]]);
  });

  it('are refused where they are no addresses of the web, with what to do, and nothing is recorded', async () => {
    const at = await application.head();
    const bad = { sameAs: [ACT, 'javascript:alert(document.cookie)', ACT] };
    const errors = [
      {
        code: 'invalid-value',
        pointer: '/sameAs/1',
        message: 'Write a whole address that begins with http:// or https://.',
      },
      { code: 'duplicate-identifier', pointer: '/sameAs/2', message: `The address ${ACT} is given twice. Keep one.` },
    ];
    const policy = await application.post('/v1/policies', registration('bridge', bad));
    const event = about('policy.redescribed', 'lock-levy', 'wrong', bad);
    const redescribed = await application.post('/v1/policies/lock-levy/events', event);
    const corrected = await application.post(
      '/v1/policies/lock-levy/events',
      about('record.corrected', 'lock-levy', 'wrong', { target: 'deed-0', changes: bad }),
    );
    const imported = await application.importLines([{ policy: registration('bridge', bad) }, event]);
    expect([policy.status, policy.body]).toMatchObject([422, { errors }]);
    expect([redescribed.status, redescribed.body]).toMatchObject([422, { errors }]);
    expect(corrected.status).toBe(422);
    expect(corrected.body).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ pointer: '/changes/sameAs/1' })]),
    });
    expect(imported[0]).toMatchObject({ errors: [{ pointer: '/policy/sameAs/1' }, { pointer: '/policy/sameAs/2' }] });
    expect(imported[1]).toMatchObject({ errors });
    expect(await application.head()).toBe(at);
  });

  it('are too many where the registration would be longer than an entry may be', async () => {
    const sameAs = Array.from({ length: 60 }, (_, index) => `https://toll.example/${index}/${'x'.repeat(1_200)}`);
    const long = registration('long', { sameAs });
    const fault = { code: 'over-limit', message: expect.stringMatching(/at most 65535 are allowed/) };
    expect(await application.post('/v1/policies', long)).toMatchObject({
      status: 422,
      body: { errors: [{ ...fault, pointer: '' }] },
    });
    expect((await application.importLines([{ policy: long }]))[0]).toMatchObject({
      errors: [{ ...fault, pointer: '/policy' }],
    });
    const fitting = registration('fitting', { sameAs: sameAs.slice(0, 40) });
    expect((await application.post('/v1/policies', fitting)).status).toBe(201);
  });

  it('are part of a registration: the same again is repeated, others are another registration', async () => {
    const given = registration('tunnel', { sameAs: [ACT, WIKIDATA] });
    expect((await application.post('/v1/policies', given)).status).toBe(201);
    expect((await application.post('/v1/policies', given)).status).toBe(200);
    expect((await application.post('/v1/policies', { ...given, sameAs: [WIKIDATA, ACT] })).status).toBe(409);
    expect((await application.post('/v1/policies', registration('tunnel'))).status).toBe(409);
  });

  it('are in the documents, and a field of the form for a redescription', async () => {
    const { components, paths } = await read<{
      components: { schemas: Readonly<Record<string, { properties?: Readonly<Record<string, object>> }>> };
      paths: Readonly<Record<string, { get: { parameters: readonly { name: string }[] } }>>;
    }>('/openapi.json');
    expect(paths['/v1/policies']?.get.parameters.map(({ name }) => name)).toContain('sameAs');
    const [field] = (fieldsOf('policy.redescribed', components.schemas) ?? []).filter(({ name }) => name === 'sameAs');
    expect(field).toMatchObject({ kind: 'list', isRequired: false, item: { kind: 'text', longest: 2_000 } });
    const described = await read<object>('/v1/policies.csv-metadata.json?table=identifiers');
    expect(JSON.stringify(described)).toContain('ukpga/2024/8');
  });
});
