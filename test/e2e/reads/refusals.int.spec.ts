import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemAnswer } from './answers.js';
import { runApplication, type TestApplication } from '../running-application.js';

const source = { publisher: 'Gazette', title: 'Report', publishedAt: '2024-01-02', genre: 'news' };

/** A body that is accepted as it stands. */
const good = {
  key: 'ferry-announced',
  type: 'policy.announced',
  policy: 'ferry',
  occurred: '2024-01-01',
  publishedAt: '2024-01-02',
  summary: 'A ferry was announced.',
  epistemic: 'confirmed',
  sources: [source],
};

const changed = (changes: Readonly<Record<string, unknown>>) => ({ ...good, key: 'bad', ...changes });
const about = (changes: Readonly<Record<string, unknown>>) => ({
  key: 'bad',
  policy: 'ferry',
  occurred: '2024-01-03',
  publishedAt: '2024-01-03',
  summary: 'We were wrong.',
  reason: 'A slip.',
  target: 'first',
  ...changes,
});

/** Each body breaks one rule; the pointer says where. */
const rejected: readonly (readonly [about: string, body: unknown, pointer: string])[] = [
  ['an unknown type', changed({ type: 'policy.forgotten' }), '/type'],
  ['no type', changed({ type: undefined }), '/type'],
  ['an unknown field', changed({ colour: 'red' }), '/colour'],
  ['a field named __proto__', '{"__proto__":{"polluted":true},' + JSON.stringify(changed({})).slice(1), '/__proto__'],
  ['an impossible day', changed({ occurred: '2025-02-30' }), '/occurred'],
  ['an impossible month', changed({ occurred: '2025-13' }), '/occurred'],
  ['a season', changed({ occurred: '2024-21' }), '/occurred'],
  ['an inverted interval', changed({ occurred: '2024-06/2024-01' }), '/occurred'],
  ['an inverted effective interval', changed({ effective: { from: '2024-06-01', to: '2024-01-01' } }), '/effective'],
  ['an unknown link', changed({ links: [{ rel: 'about', to: 'nothing' }] }), '/links/0/to'],
  ['a link to itself', changed({ links: [{ rel: 'about', to: 'bad' }] }), '/links/0/to'],
  ['a publication in the future', changed({ publishedAt: '2999-01-01' }), '/publishedAt'],
  ['a publication without an offset', changed({ publishedAt: '2024-01-02T10:00:00' }), '/publishedAt'],
  [
    '100,000 links',
    changed({ links: Array.from({ length: 15_000 }, () => ({ rel: 'about', to: 'first' })) }),
    '/links',
  ],
  ['a NUL in text', changed({ summary: 'A ferry\u0000.' }), '/summary'],
  ['half of a surrogate pair in text', JSON.stringify(changed({})).replace('A ferry', 'A \\ud800 ferry'), '/summary'],
  ['a summary that is too long', changed({ summary: 'x'.repeat(281) }), '/summary'],
  [
    'a figure without a unit',
    changed({ figures: [{ measure: 'boats', value: 3, comparator: 'exact', period: null }] }),
    '/figures/0/unit',
  ],
  ['a number beyond 2^53', changed({ ordinal: 2 ** 53 }), '/ordinal'],
  [
    'a correction without a target',
    about({ type: 'record.corrected', target: undefined, changes: { summary: 'Better.' } }),
    '/target',
  ],
  [
    'a correction of an unknown event',
    about({ type: 'record.corrected', target: 'nothing', changes: { summary: 'Better.' } }),
    '/target',
  ],
  [
    'a correction of itself',
    about({ type: 'record.corrected', target: 'bad', changes: { summary: 'Better.' } }),
    '/target',
  ],
  ['a correction that changes nothing', about({ type: 'record.corrected', changes: {} }), '/changes'],
  ['a correction of the key', about({ type: 'record.corrected', changes: { key: 'other' } }), '/changes/key'],
  ['a retraction without a reason', about({ type: 'record.retracted', reason: undefined }), '/reason'],
  [
    'a cycle of follows',
    about({ type: 'record.corrected', target: 'first', changes: { links: [{ rel: 'follows', to: 'second' }] } }),
    '/changes/links/0/to',
  ],
  ['the key of another event', { ...good, key: 'first', summary: 'Something else.' }, '/key'],
  ['no source', changed({ sources: [] }), '/sources'],
];

describe('what is refused', () => {
  let application: TestApplication;
  let before = 0;

  beforeAll(async () => {
    application = await runApplication();
    const lines = await application.importLines([
      { policy: { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' } },
      { policy: { slug: 'bridge', title: 'Bridge', kind: 'scheme', jurisdiction: 'GB' } },
      { ...good, key: 'first' },
      { ...good, key: 'second', links: [{ rel: 'follows', to: 'first' }] },
    ]);
    expect(lines.at(-1)?.summary).toMatchObject({ recorded: 4 });
    before = await application.head();
  });
  afterAll(() => application.stop());

  const path = '/v1/policies/ferry/events';

  it.each(rejected)('%s, over HTTP and in an import', async (_about, body, pointer) => {
    const { status, headers, body: problem } = await application.post<ProblemAnswer>(path, body);
    expect(status).toBe(422);
    expect(headers.get('content-type')).toMatch('application/problem+json');
    expect(problem.errors?.map((error) => error.pointer)).toEqual(expect.arrayContaining([pointer]));
    expect(problem.detail).not.toBe('');
    const [line] = await application.importLines([body]);
    expect(line).toMatchObject({ line: 1, result: 'rejected' });
    expect(line?.errors?.map((error) => error.pointer)).toEqual(expect.arrayContaining([pointer]));
    expect(await application.head()).toBe(before);
  });

  it.each([
    ['broken JSON', '{"key":', 400],
    ['an empty body', ' ', 400],
    ['a key given twice', '{"key":"a","key":"b"}', 400],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 415],
    ['a body of ten megabytes', JSON.stringify(changed({ note: 'x'.repeat(10_000_000) })), 413],
    ['a list', '[]', 422],
    ['null', 'null', 422],
  ])('%s', async (_about, body, status) => {
    const answer = await application.post<ProblemAnswer>(path, body);
    expect([answer.status, answer.body.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([
      status,
      status,
      'application/problem+json',
    ]);
    expect(await application.head()).toBe(before);
  });

  it('a body of another type', async () => {
    expect(
      (await application.post(path, 'key=a', { 'content-type': 'application/x-www-form-urlencoded' })).status,
    ).toBe(415);
    expect((await application.post('/v1/imports', '{}')).status).toBe(415);
    expect((await application.post(path, '', { 'content-type': 'application/x-ndjson' })).status).toBe(415);
  });

  it('an event for an unknown policy, and one whose policy differs from the address', async () => {
    expect((await application.post('/v1/policies/nothing/events', { ...good, policy: 'nothing' })).status).toBe(404);
    const differing = await application.post<ProblemAnswer>('/v1/policies/bridge/events', changed({}));
    expect([differing.status, differing.body.errors?.[0]?.pointer]).toEqual([422, '/policy']);
    const [line] = await application.importLines([changed({ policy: 'nothing' })]);
    expect(line).toMatchObject({ result: 'rejected', errors: [expect.objectContaining({ pointer: '/policy' })] });
    expect(await application.head()).toBe(before);
  });

  it('many mistakes, all at once', async () => {
    const { body } = await application.post<ProblemAnswer>(
      path,
      changed({ occurred: 'then', publishedAt: 'later', summary: '', colour: 'red' }),
    );
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/occurred', '/publishedAt', '/summary', '/colour']),
    );
  });

  it('a line of an import, without losing the others', async () => {
    const lines = await application.importLines([
      '{"key":',
      '',
      { ...good, key: 'third' },
      changed({ links: [{ rel: 'about', to: 'worse' }] }),
      { ...good, key: 'worse', occurred: 'never' },
    ]);
    expect(lines.map(({ line, result }) => [line, result])).toEqual([
      [1, 'rejected'],
      [3, 'recorded'],
      [4, 'rejected'],
      [5, 'rejected'],
      [undefined, undefined],
    ]);
    expect(lines[2]?.errors?.[0]?.code).toBe('target-rejected');
    expect(lines.at(-1)?.summary).toMatchObject({ recorded: 1, repeated: 0, rejected: 3, dryRun: false });
    before = await application.head();
    const dry = await application.importLines([{ ...good, key: 'fourth' }], '?dryRun=true');
    expect(dry.at(-1)?.summary).toMatchObject({ dryRun: true });
    const atomic = await application.importLines([{ ...good, key: 'fourth' }, 'x'], '?atomic=true');
    expect(atomic.map(({ result }) => result)).toEqual(['not-recorded', 'rejected', undefined]);
    expect(await application.head()).toBe(before);
  });

  it.each([
    ['a coordinate that is no date', '/v1/policies/ferry?knownAt=yesterday', '/query/knownAt'],
    ['an impossible date', '/v1/policies/ferry?validAt=2025-02-30', '/query/validAt'],
    ['an instant without an offset', '/v1/policies?knownAt=2025-02-01T10:00:00', '/query/knownAt'],
    ['a position that is no number', '/v1/policies?recordedAt=@x', '/query/recordedAt'],
    ['an unknown parameter', '/v1/policies?jurisdicton=GB', '/query/jurisdicton'],
    ['a repeated parameter', '/v1/policies?limit=1&limit=2', '/query/limit'],
    ['an empty parameter', '/v1/policies?q=', '/query/q'],
    ['a limit of nothing', '/v1/policies?limit=0', '/query/limit'],
    ['a limit beyond the highest', '/v1/events?limit=1001', '/query/limit'],
    ["a cursor of one's own", '/v1/events?cursor=abc', '/query/cursor'],
    ['an unknown engine', '/v1/policies/ferry?engine=magic', '/query/engine'],
    ['an unknown word', '/v1/figures?epistemic=claim', '/query/epistemic'],
    ['a diff with one side', '/v1/diff?from=2024-01-01', '/query/to'],
    ['a diff with one side twice', '/v1/diff?from=2024-01-01&from.knownAt=2024-01-01&to=2024-01-02', '/query/from'],
  ])('%s', async (_about, address, pointer) => {
    const { status, body } = await application.get<ProblemAnswer>(address);
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(body.detail).toContain(pointer.split('/').at(-1));
    expect(body.detail).toMatch(/[^.?][.?]$/);
  });

  it.each([
    '/v1/policies/ferry?recordedAt=@999999',
    '/v1/policies?recordedAt=2999-01-01',
    '/v1/events?recordedAt=@999999',
    '/v1/diff?from=2024-01-01&to.recordedAt=@999999',
    '/v1/figures?recordedAt=2999-01-01T00:00:00Z',
  ])('a record that is not there yet: %s', async (address) => {
    const { status, body } = await application.get<ProblemAnswer>(address);
    expect([status, body.status]).toEqual([400, 400]);
  });

  it('what is not there', async () => {
    const statusOf = async (address: string) => (await application.get<ProblemAnswer>(address)).body.status;
    expect(await statusOf('/v1/policies/nothing')).toBe(404);
    expect(await statusOf('/v1/policies/nothing/timeline')).toBe(404);
    expect(await statusOf('/v1/events/nothing')).toBe(404);
    expect(await statusOf('/v2')).toBe(404);
    const early = await application.get<ProblemAnswer>('/v1/policies/bridge?recordedAt=@1');
    expect([early.status, early.body.detail]).toEqual([404, expect.stringContaining('position 2')]);
  });

  it('a policy registered with another body, or badly', async () => {
    const policy = { slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' };
    expect((await application.post('/v1/policies', policy)).status).toBe(200);
    expect((await application.post('/v1/policies', { ...policy, title: 'Boat' })).status).toBe(409);
    const bad = await application.post<ProblemAnswer>('/v1/policies', {
      slug: 'Not A Slug',
      title: '',
      kind: 'thing',
      jurisdiction: 'XX',
      colour: 1,
    });
    expect(bad.status).toBe(422);
    expect(bad.body.errors?.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/slug', '/title', '/kind', '/jurisdiction', '/colour']),
    );
    expect(await application.head()).toBe(before);
  });
});
