import { createPublicKey, hash, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  type AnswerDocument,
  decodeBundle,
  decodeTile,
  leafHash,
  provesConsistency,
  provesInclusion,
  verifyAnswer,
  verifyExport,
} from '#audit';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import type { ProblemAnswer, State } from '../reads/answers.js';
import { type TestApplication, parseLines, runApplication } from '../running-application.js';

interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leafHash: string;
  readonly hashes: readonly string[];
  readonly root: string;
  readonly entry: string;
}

interface Consistency {
  readonly from: number;
  readonly to: number;
  readonly hashes: readonly string[];
  readonly fromRoot: string;
  readonly toRoot: string;
}

interface ProvenAnswer extends State {
  readonly proof: AnswerDocument;
}

interface ProvenList {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
  readonly proof: AnswerDocument;
}

const EVENTS_PROVEN = '/v1/policies/rwanda-scheme/timeline?proof=true&limit=5';
const DIFFERENCE_PROVEN = '/v1/policies/rwanda-scheme/diff?proof=true&from=2024-01-01&to=2025-01-01';
const FIGURES_PROVEN = '/v1/figures?proof=true&policy=rwanda-scheme';
const COORDINATE = {
  recordedAt: { position: 7, at: null },
  knownAt: '2024-01-01T00:00:00.000Z',
  validAt: '2024-01-01T00:00:00.000Z',
};
const QUESTION = { of: 'events', order: 'occurred', records: false, retracted: false };

const COORDINATES = ['', '&knownAt=2025-07-08', '&knownAt=2024-07-15&validAt=2025-01-01'];

/** With `EVERY_LIST=1` every list of every policy is proven at every coordinate; else one in sixteen. */
const EVERY_LIST = process.env['EVERY_LIST'] === '1';

/** Addresses of what can be proven of a policy, but for its state. */
const provableLists = (policy: string): readonly string[] => [
  `/v1/policies/${policy}/timeline?limit=1000`,
  `/v1/policies/${policy}/timeline?order=published&records=true&retracted=true`,
  `/v1/policies/${policy}/timeline?order=recorded&limit=3&type=policy.announced,terms.changed`,
  `/v1/events?policy=${policy}&actor=Home Office&affiliated=true&occurredFrom=2020-01-01&publishedTo=2025-01-01`,
  `/v1/policies/${policy}/diff?from=2024-01-01&to=2025-01-01`,
  `/v1/policies/${policy}/diff?from.validAt=2023-01-01&to.recordedAt=@130`,
  `/v1/figures?policy=${policy}`,
  `/v1/figures?policy=${policy}&epistemic=reported&recordedAfter=@20&limit=2`,
  `/v1/positions?policy=${policy}`,
  `/v1/positions?policy=${policy}&all=true&limit=4`,
  `/v1/negotiations?policy=${policy}`,
];

/** Where others are at work. */
const START_LIMIT_MS = 60_000;

const POLICIES = 30;
const EVENTS_EACH = 20;

const event = (policy: string, number: number) => ({
  key: `${policy}-${number}`,
  type: 'policy.announced',
  policy,
  occurred: '2024-03-05',
  publishedAt: '2024-03-05',
  summary: `Announcement ${number} of ${policy}.`,
  epistemic: 'confirmed',
  sources: [{ publisher: 'Ministry', title: 'Statement', publishedAt: '2024-03-05', genre: 'official' }],
});

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');

let application: TestApplication;
/** Size and root of the checkpoint before the second import. */
let earlier: { readonly size: number; readonly root: string; readonly note: string };

const checkpoint = async () => {
  const { body } = await application.get<string>('/v1/audit/checkpoint');
  const [origin = '', size = '', root = ''] = body.split('\n');
  return { origin, size: Number(size), root, note: body };
};

const bytesAt = async (path: string) => {
  const response = await checkedFetch(`${application.url}${path}`);
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
};

beforeAll(async () => {
  application = await runApplication();
  const policies = Array.from({ length: POLICIES }, (_, index) => `policy-${index}`);
  await application.importLines(
    policies.map((slug) => ({ policy: { slug, title: slug, kind: 'scheme', jurisdiction: 'GB' } })),
  );
  earlier = await checkpoint();
  await application.importLines(
    policies.flatMap((slug) => Array.from({ length: EVENTS_EACH }, (_, number) => event(slug, number))),
  );
}, START_LIMIT_MS);
afterAll(() => application.stop());

describe('the checkpoint', () => {
  it('covers what this process has acknowledged, registrations included', async () => {
    expect(earlier.size).toBe(POLICIES);
    expect((await checkpoint()).size).toBe(POLICIES * (1 + EVENTS_EACH));
  });

  it('is a signed note of the key that is shown', async () => {
    const { origin, note } = await checkpoint();
    const vkey = (await application.get<string>('/v1/audit/public-key')).body.trimEnd();
    const [, name = '', id = '', key = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
    expect(name).toBe(origin);
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const signature = bytesOf(/^— \S+ (\S+)$/m.exec(note)?.[1] ?? '');
    expect(signature.subarray(0, 4).toString('hex')).toBe(id);
    expect(hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), bytesOf(key)]), 'hex').slice(0, 8)).toBe(id);
    const x = bytesOf(key).subarray(1).toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(verify(null, Buffer.from(text), publicKey, signature.subarray(4))).toBe(true);
  });

  it('is plain text that is asked for anew each time', async () => {
    const { headers, status } = await application.get('/v1/audit/checkpoint', { accept: 'text/plain' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await application.get('/v1/audit/checkpoint', { 'if-none-match': headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });
});

describe('tiles and entries', () => {
  it('hold the hashes of the entries, byte for byte', async () => {
    const tile = await bytesAt('/v1/audit/tile/0/000');
    const bundle = await bytesAt('/v1/audit/tile/entries/000');
    const entries = decodeBundle(bundle.bytes) ?? [];
    expect(entries).toHaveLength(256);
    expect(decodeTile(tile.bytes)?.map((each) => Buffer.from(each).toString('hex'))).toEqual(
      entries.map((entry) => Buffer.from(leafHash(entry)).toString('hex')),
    );
  });

  it('are immutable when full, and shared for a while when partial', async () => {
    for (const path of ['0/000', 'entries/001']) {
      const { headers } = await bytesAt(`/v1/audit/tile/${path}`);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('content-type')).toBe('application/octet-stream');
    }
    const size = (await checkpoint()).size;
    for (const path of [`0/002.p/${size - 512}`, '1/000.p/2', `entries/002.p/${size - 512}`, '0/000.p/7']) {
      const { headers, status } = await bytesAt(`/v1/audit/tile/${path}`);
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(headers.get('cache-control')).toBe('public, max-age=300');
    }
    expect((await bytesAt('/v1/audit/tile/0/000.p/7')).bytes).toHaveLength(7 * 32);
  });

  it.each([
    ['0/002', 404],
    ['0/002.p/255', 404],
    ['0/x999/999', 404],
    ['2/000.p/1', 404],
    ['entries/003.p/1', 404],
    ['0/0', 400],
    ['0/000.p/0', 400],
    ['0/000.p/256', 400],
    ['64/000', 400],
    ['x/000', 400],
    ['entries/0000', 400],
  ])('at %s are answered with %i', async (path, status) => {
    const answer = await application.get<ProblemAnswer>(`/v1/audit/tile/${path}`);
    expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
      status,
      type: expect.stringMatching(/^application\/problem\+json/),
    });
    if (status === 400) expect(answer.body.errors?.[0]).toMatchObject({ pointer: '/path', code: 'invalid-tile' });
  });
});

describe('proofs of inclusion', () => {
  it.each(['policy-7-3', 'registered:policy-0', `policy-${POLICIES - 1}-${EVENTS_EACH - 1}`])(
    'show that %s is in the tree that is signed',
    async (key) => {
      const { size, root } = await checkpoint();
      const { body } = await application.get<Inclusion>(`/v1/audit/proof/inclusion?event=${key}&size=${size}`);
      expect(body).toMatchObject({ size, root });
      const entry = JSON.parse(body.entry) as { key: string; id: string };
      expect(entry.key).toBe(key);
      const leaf = leafHash(Buffer.from(body.entry));
      expect(Buffer.from(leaf).toString('base64')).toBe(body.leafHash);
      const claim = { index: body.index, size, leaf, root: bytesOf(root) };
      expect(provesInclusion(body.hashes.map(bytesOf), claim)).toBe(true);
      expect(provesInclusion(body.hashes.map(bytesOf), { ...claim, index: body.index + 1 })).toBe(false);
      const byId = await application.get<Inclusion>(`/v1/audit/proof/inclusion?event=${entry.id}&size=${size}`);
      expect(byId.body).toEqual(body);
    },
  );

  it('are given for earlier sizes, against their root', async () => {
    const { body } = await application.get<Inclusion>(
      `/v1/audit/proof/inclusion?event=registered:policy-4&size=${earlier.size}`,
    );
    expect(body.root).toBe(earlier.root);
    const claim = { index: body.index, size: earlier.size, leaf: bytesOf(body.leafHash), root: bytesOf(earlier.root) };
    expect(provesInclusion(body.hashes.map(bytesOf), claim)).toBe(true);
  });

  it.each([
    ['', 400, 'event'],
    ['?event=policy-7-3&size=0x10', 400, 'size'],
    ['?event=policy-7-3&size=100000', 400, 'size'],
    ['?event=policy-7-3&size=3', 400, 'size'],
    ['?event=policy-7-3&at=3', 400, 'at'],
    ['?event=policy-7-3&event=policy-7-4', 400, 'event'],
    ['?event=nobody-knows', 404, undefined],
    ['?event=00000000-0000-4000-8000-000000000000', 404, undefined],
  ])('asked for with "%s" are refused with %i', async (query, status, parameter) => {
    const answer = await application.get<ProblemAnswer>(`/v1/audit/proof/inclusion${query}`);
    expect(answer.status).toBe(status);
    if (parameter !== undefined) expect(answer.body.errors?.[0]?.pointer).toBe(`/query/${parameter}`);
  });
});

describe('proofs of consistency', () => {
  it('show that what was signed earlier begins what is signed now', async () => {
    const { size, root } = await checkpoint();
    for (const query of [`from=${earlier.size}&to=${size}`, `from=${earlier.size}`]) {
      const { body } = await application.get<Consistency>(`/v1/audit/proof/consistency?${query}`);
      expect(body).toMatchObject({ from: earlier.size, to: size, fromRoot: earlier.root, toRoot: root });
      const claim = { from: body.from, to: body.to, fromRoot: bytesOf(earlier.root), toRoot: bytesOf(root) };
      expect(provesConsistency(body.hashes.map(bytesOf), claim)).toBe(true);
    }
  });

  it.each([
    ['', 'from'],
    ['?from=9&to=3', 'from'],
    ['?from=-1', 'from'],
    ['?from=1&to=100000', 'to'],
    ['?from=100000', 'from'],
  ])('asked for with "%s" are refused', async (query, parameter) => {
    const { status, body } = await application.get<ProblemAnswer>(`/v1/audit/proof/consistency${query}`);
    expect({ status, pointer: body.errors?.[0]?.pointer }).toEqual({ status: 400, pointer: `/query/${parameter}` });
  });
});

async function checkpointsStored(): Promise<number> {
  const client = new pg.Client({ connectionString: application.databaseUrl });
  await client.connect();
  const { rowCount } = await client.query('SELECT size FROM audit.checkpoints');
  await client.end();
  return rowCount ?? 0;
}

describe('the export', () => {
  const exported = async (query = '') => {
    const { bytes, headers, status } = await bytesAt(`/v1/audit/export${query}`);
    return { bytes, headers, status };
  };

  it('verifies, with all that there is', async () => {
    const { bytes, headers } = await exported();
    expect(headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const { size, root } = await checkpoint();
    const verification = await verifyExport([bytes], { checkpoint: earlier.note });
    expect(verification).toMatchObject({ verdict: 'verified', size, root, streams: POLICIES });
  });

  it('ends where it is asked to, whether that was signed before or not, and leaves nothing behind', async () => {
    const before = await checkpointsStored();
    for (const size of [0, 1, earlier.size, 256, 257, 511]) {
      const { bytes } = await exported(`?to=${size}`);
      expect(await verifyExport([bytes])).toMatchObject({ verdict: 'verified', size });
    }
    const again = [await exported('?to=257'), await exported('?to=257')];
    expect(again[0]?.bytes.equals(again[1]?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(await checkpointsStored()).toBe(before);
  });

  it.each(['?to=100000', '?to=x', '?from=1'])('is refused for %s', async (query) => {
    expect((await application.get(`/v1/audit/export${query}`)).status).toBe(400);
  });
});

describe('the seeds', () => {
  let seeded: TestApplication;
  beforeAll(async () => {
    seeded = await runApplication({ SEEDS: 'seeds' });
  }, START_LIMIT_MS);
  afterAll(() => seeded.stop());

  it('verify as they are exported', async () => {
    const response = await checkedFetch(`${seeded.url}/v1/audit/export`);
    const verification = await verifyExport([Buffer.from(await response.arrayBuffer())]);
    const head = await seeded.head();
    expect(head).toBeGreaterThan(130);
    expect(verification).toMatchObject({ verdict: 'verified', size: head });
  });

  it('have states that carry their proof, at any coordinate, by either engine', async () => {
    const { body } = await seeded.get<{ readonly items: readonly { readonly policy: string }[] }>('/v1/policies');
    const queries = [
      '',
      '&knownAt=2025-07-08',
      '&recordedAt=@100&knownAt=2025-01-01&validAt=2024-08-01',
      '&engine=replay',
    ];
    let proven = 0;
    for (const { policy } of body.items)
      for (const query of queries) {
        const answer = await seeded.get<object>(`/v1/policies/${policy}?proof=true${query}`);
        if (answer.status === 404) continue;
        const verification = verifyAnswer(answer.body);
        expect({ policy, query, ...verification }).toMatchObject({ verdict: 'verified', policy });
        proven += 1;
      }
    expect(proven).toBeGreaterThan(body.items.length * 3);
  });

  it('have states that do not verify once anything in them is changed', async () => {
    const path = '/v1/policies/uk-france-one-in-one-out?proof=true&knownAt=2025-07-08';
    const { body } = await seeded.get<ProvenAnswer>(path);
    const reasonOf = (change: (answer: ProvenAnswer) => object): string => {
      const verification = verifyAnswer({ ...body, ...change(body) });
      return verification.verdict === 'verified' ? 'verified' : verification.fault.reason;
    };
    const ofProof = (change: (proof: AnswerDocument) => object): string =>
      reasonOf(({ proof }) => ({ proof: { ...proof, ...change(proof) } }));
    expect(reasonOf(() => ({}))).toBe('verified');
    expect(reasonOf(({ state }) => ({ state: { ...state, status: 'agreed' } }))).toBe('answer-differs');
    expect(reasonOf(() => ({ eventCount: 27 }))).toBe('answer-differs');
    // These are not proven.
    expect(reasonOf(() => ({ title: 'Another', aliases: ['another'], blame: {} }))).toBe('verified');
    expect(reasonOf(() => ({ policy: 'rwanda-scheme' }))).toBe('answer-differs');
    expect(reasonOf(({ coordinate }) => ({ coordinate: { ...coordinate, knownAt: '2025-07-09T22:59:59.999Z' } }))).toBe(
      'answer-differs',
    );
    expect(ofProof(({ entries }) => ({ entries: entries.toSpliced(3, 1) }))).toBe('chain-broken');
    expect(ofProof(({ entries }) => ({ entries: entries.slice(0, -1) }))).toBe('not-the-last');
    expect(
      ofProof(({ entries }) => ({ entries: entries.map((each) => ({ ...each, hashes: each.hashes.slice(1) })) })),
    ).toBe('not-included');
    expect(ofProof(({ shown }) => ({ shown: { ...Object(shown), eventCount: 1 } }))).toBe('shown-differs');
  });

  it('have timelines, diffs, figures, positions and negotiations that carry their proof', async () => {
    await seeded.importLines(parseLines('../worked-example/events.ndjson'));
    const { body } = await seeded.get<{ readonly items: readonly { readonly policy: string }[] }>('/v1/policies');
    const asked = body.items.flatMap(({ policy }) =>
      provableLists(policy).flatMap((address) =>
        (address.includes('/diff') ? [''] : COORDINATES).map((side) => ({
          policy,
          address: `${address}&proof=true${side}`,
        })),
      ),
    );
    const wanted = asked.filter((_, index) => EVERY_LIST || index % 16 === 0);
    for (const { policy, address } of wanted) {
      const verification = verifyAnswer((await seeded.get<object>(address)).body);
      expect({ address, ...verification }).toMatchObject({ verdict: 'verified', policy });
    }
    expect(wanted.length).toBeGreaterThan(40);
  });

  it('have pages that carry their proof, one after the other', async () => {
    const pages: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/v1/policies/rwanda-scheme/timeline?proof=true&limit=7${cursor && `&cursor=${cursor}`}`;
      const { body }: { readonly body: ProvenList } = await seeded.get<ProvenList>(path);
      const verification = verifyAnswer(body);
      pages.push(verification.verdict === 'verified' ? (verification.proven[1] ?? '') : 'not verified');
      cursor = body.next;
    }
    expect(pages.slice(0, 2)).toEqual([
      expect.stringMatching(/these rows: 1 to 7 of \d+\.$/),
      expect.stringMatching(/these rows: 8 to 14 of \d+\.$/),
    ]);
    expect(pages.at(-1)).toMatch(/ (\d+) of \1\.$/);
  });

  it.each<[address: string, change: (answer: ProvenList) => object, reason: string]>([
    [EVENTS_PROVEN, ({ items }) => ({ items: items.slice(1) }), 'answer-differs'],
    [
      EVENTS_PROVEN,
      ({ items: [first, ...rest] }) => ({ items: [{ ...first, summary: 'x' }, ...rest] }),
      'answer-differs',
    ],
    [EVENTS_PROVEN, () => ({ next: null }), 'answer-differs'],
    [EVENTS_PROVEN, () => ({ coordinate: COORDINATE }), 'answer-differs'],
    [EVENTS_PROVEN, ({ proof }) => ({ proof: { ...proof, question: { ...QUESTION, types: [] } } }), 'shown-differs'],
    [EVENTS_PROVEN, ({ proof }) => ({ proof: { ...proof, question: { of: 'claims' } } }), 'answer-unreadable'],
    [DIFFERENCE_PROVEN, () => ({ changes: [] }), 'answer-differs'],
    [DIFFERENCE_PROVEN, () => ({ from: COORDINATE }), 'answer-differs'],
    [DIFFERENCE_PROVEN, ({ proof }) => ({ proof: { ...proof, question: undefined } }), 'shown-differs'],
    // What other policies play a part in is not proven.
    [
      FIGURES_PROVEN,
      ({ items }) => ({ items: items.map((item) => ({ ...item, conflicts: 7, policyTitle: 'x' })) }),
      'verified',
    ],
    [FIGURES_PROVEN, ({ items: [first, ...rest] }) => ({ items: [{ ...first, value: 1 }, ...rest] }), 'answer-differs'],
  ])('have lists that do not verify once anything in them is changed: %s', async (address, change, reason) => {
    const { body } = await seeded.get<ProvenList>(address);
    expect(verifyAnswer(body).verdict).toBe('verified');
    const verification = verifyAnswer(JSON.parse(JSON.stringify({ ...body, ...change(body) })));
    expect(verification.verdict === 'verified' ? 'verified' : verification.fault.reason).toBe(reason);
  });

  it.each([
    ['/v1/policies/rwanda-scheme?proof=yes', 'proof'],
    ['/v1/policies/rwanda-scheme?proof=', 'proof'],
    ['/v1/figures?proof=true', 'policy'],
    ['/v1/positions?proof=true&policy=rwanda-scheme,uk-france-one-in-one-out', 'policy'],
    ['/v1/figures?proof=true&policy=asylum-claims', 'policy'],
    ['/v1/figures?proof=true&policy=rwanda-scheme&superseded=false', 'superseded'],
    ['/v1/events?proof=true&policy=rwanda-scheme&q=court', 'q'],
    ['/v1/events?proof=true&policy=rwanda-scheme&shape=index', 'shape'],
    ['/v1/policies/rwanda-scheme/timeline?proof=true&scope=any', 'scope'],
    ['/v1/policies/rwanda-scheme/timeline?proof=true&columns=key', 'columns'],
    ['/v1/policies/rwanda-scheme/timeline.csv?proof=true', 'proof'],
    ['/v1/policies/rwanda-scheme/timeline?proof=true&without=event:rwanda-290m-paid', 'proof'],
    ['/v1/policies/rwanda-scheme/diff?proof=true&from=2024-01-01&to=2025-01-01&format=json-patch', 'format'],
    ['/v1/diff?proof=true&from=2024-01-01&to=2025-01-01', 'proof'],
  ])('refuse %s, and name the parameter', async (address, parameter) => {
    const { status, body } = await seeded.get<ProblemAnswer>(address);
    expect({ status, errors: body.errors }).toMatchObject({
      status: 400,
      errors: [{ pointer: `/query/${parameter}` }],
    });
  });
});
