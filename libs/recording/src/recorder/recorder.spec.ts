import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type RecordingUnderTest,
  announcementsOf,
  openTestRecording,
  recordsOf,
} from '../../../../test/support/events/recording.js';
import { DATED_TOGETHER, RECORDS_ABOUT, TARGETS_DEEP } from '#domain';
import type { EventLog } from '#event-log';
import { createRecording } from '../recording.module.js';
import type { Recorder } from './recorder.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');

const registration = { slug: 'harbour-toll', title: 'Harbour toll', kind: 'scheme', jurisdiction: 'GB' };

const event = announcementsOf('harbour-toll', {
  publishedAt: '2024-03-05T09:30:00Z',
  summary: 'The ministry announced the toll.',
  sources: [{ publisher: 'Transport Ministry', title: 'Statement', publishedAt: '2024-03-05', genre: 'official' }],
});

const about = recordsOf('harbour-toll');

let side: RecordingUnderTest;
let log: EventLog;
let recorder: Recorder;
let acknowledged: number;
let salts: number;

beforeEach(async () => {
  [acknowledged, salts] = [0, 0];
  side = openTestRecording(NOW, {
    newSalt: () => Buffer.from(`salt ${(salts += 1)}`).toString('base64'),
    onAcknowledged: (position) => (acknowledged = position),
  });
  ({ log, recorder } = side);
  await recorder.register(registration);
});

const record = (input: object, conditions = {}) => recorder.record('harbour-toll', input, conditions);

const codes = async (input: object): Promise<readonly string[]> => {
  const before = await log.head();
  const outcome = await record(input);
  expect(await log.head()).toEqual(before);
  return outcome.outcome === 'rejected'
    ? outcome.rejections.map(({ code, pointer }) => `${code} ${pointer}`)
    : [outcome.outcome];
};

describe('recording an event', () => {
  it('appends it to its policy and says where', async () => {
    const outcome = await record(event('toll-announced'));
    expect(outcome).toMatchObject({
      outcome: 'recorded',
      key: 'toll-announced',
      position: 2,
      revision: 1,
      recordedAt: NOW,
    });
    expect(acknowledged).toBe(2);
  });

  it('answers a repeat with the first place, and refuses the key for another body', async () => {
    const first = await record(event('toll-announced', { note: 'between us' }));
    expect(await record(event('toll-announced', { note: 'between us' }))).toEqual({ ...first, outcome: 'repeated' });
    expect(await codes(event('toll-announced', { note: 'something else' }))).toEqual(['key-reused /key']);
    expect(await codes(event('toll-announced', { summary: 'Another.' }))).toEqual(['key-reused /key']);
  });

  it('takes names that differ in form alone for the same', async () => {
    const by = (name: string) => event('one', { actors: [{ name, kind: 'person', private: true }] });
    const first = await record(by('Vásquez'), { idempotencyKey: 'once' });
    expect(await record(by(' Va\u0301squez'))).toEqual({ ...first, outcome: 'repeated' });
    expect(await record(by('Va\u0301squez'), { idempotencyKey: 'once' })).toEqual({ ...first, outcome: 'replayed' });
    expect((await log.readKeys(['one']))[0]?.erasable[0]?.value).toBe('Vásquez');
    expect(await recorder.register({ ...registration, title: 'Harbour  toll ' })).toMatchObject({
      outcome: 'repeated',
    });
  });

  it('takes a field under its older name for the same, in what is on record too', async () => {
    const ahead = (key: string, name: string) => event(key, { publishedAt: '2027-01-01', [name]: true });
    const sides = ['forthcoming', 'embargoed'];
    for (const [recorded = '', sent = ''] of [sides, sides.toReversed()]) {
      const first = await record(ahead(recorded, recorded), { idempotencyKey: recorded });
      expect(first.outcome).toBe('recorded');
      expect(await record(ahead(recorded, sent))).toEqual({ ...first, outcome: 'repeated' });
      expect(await record(ahead(recorded, sent), { idempotencyKey: recorded })).toMatchObject({ outcome: 'replayed' });
    }
    const [{ entry = '' } = {}] = await log.readKeys(['embargoed']);
    expect(entry).toContain('"forthcoming":true');
    const body = entry.slice('{"body":'.length, entry.indexOf(',"id":'));
    const older = body.replace('"forthcoming"', '"embargoed"').replace('"key":"embargoed"', '"key":"older"');
    const events = [{ id: randomUUID(), key: 'older', type: 'policy.announced', body: older }];
    await log.append({ stream: 'policy-harbour-toll', expected: 'exists', events });
    for (const name of sides) expect(await record(ahead('older', name))).toMatchObject({ outcome: 'repeated' });
    expect(await codes(about('record.corrected', 'c', 'older', { changes: { embargoed: null } }))).toEqual([
      'published-in-future /changes/forthcoming',
    ]);
  });

  it('replays an idempotency key, and refuses it for another body', async () => {
    const first = await record(event('toll-announced'), { idempotencyKey: 'once' });
    expect(await record(event('toll-announced'), { idempotencyKey: 'once' })).toEqual({
      ...first,
      outcome: 'replayed',
    });
    expect(await record(event('another'), { idempotencyKey: 'once' })).toEqual({ outcome: 'idempotency-key-reused' });
  });

  it('takes a revision that is the last, and refuses one that is not', async () => {
    expect(await record(event('one'), { ifMatch: 0 })).toMatchObject({ outcome: 'recorded' });
    expect(await record(event('two'), { ifMatch: 0 })).toEqual({ outcome: 'stale', actual: 1 });
    expect(await record(event('one'), { ifMatch: 0 })).toMatchObject({ outcome: 'repeated' });
  });

  it('knows no policy that is not registered', async () => {
    expect(await recorder.record('nowhere', event('one', { policy: 'nowhere' }), {})).toEqual({
      outcome: 'unknown-policy',
    });
  });

  it('keeps what can be erased beside the entry', async () => {
    await record(event('one', { note: 'between us', actors: [{ name: 'A. Clerk', kind: 'person', private: true }] }));
    const [entry] = await log.readKeys(['one']);
    expect(entry?.entry).not.toMatch(/between us|A\. Clerk/);
    expect(entry?.erasable.map(({ pointer, value }) => [pointer, value]).sort()).toEqual([
      ['/actors/0/name', 'A. Clerk'],
      ['/note', 'between us'],
    ]);
  });

  it('lets 64 writers record at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 64 }, (_, index) => record(event(`event-${index}`))));
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['recorded']));
    expect((await log.readStream('policy-harbour-toll', { limit: 100 })).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 65 }, (_, index) => index),
    );
  });

  it('records the same event once when it is sent many times at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => record(event('one', { note: 'same' }))));
    expect(outcomes.filter(({ outcome }) => outcome === 'recorded')).toHaveLength(1);
    expect((await log.head()).position).toBe(2);
  });
});

describe('a rejection', () => {
  const cases: readonly [string, object, readonly string[]][] = [
    ['an unknown type', { type: 'policy.dreamt' }, ['unknown-type /type']],
    ['an unknown field', { colour: 'red' }, ['unknown-field /colour']],
    ['a day that is none', { occurred: '2025-02-30' }, ['date-outside-profile /occurred']],
    ['a month that is none', { occurred: '2025-13' }, ['date-outside-profile /occurred']],
    ['an inverted interval', { effective: { from: '2025-06-01', to: '2025-05-01' } }, ['inverted-interval /effective']],
    ['an unknown policy', { alsoPolicies: ['nowhere'] }, ['unknown-policy /alsoPolicies/0']],
    ['an unknown link', { links: [{ rel: 'about', to: 'nothing' }] }, ['unknown-link-target /links/0/to']],
    ['a link to itself', { links: [{ rel: 'about', to: 'one' }] }, ['self-link /links/0/to']],
    ['a publication in the future', { publishedAt: '2027-01-01' }, ['published-in-future /publishedAt']],
    [
      '100,000 links',
      { links: Array.from({ length: 100_000 }, () => ({ rel: 'about', to: 'x' })) },
      ['over-limit /links'],
    ],
    ['a NUL in a text', { summary: 'a\0b' }, ['malformed-text /summary']],
    ['half of a surrogate pair', { summary: 'a\ud800b' }, ['malformed-text /summary']],
    ['a number beyond 2^53', { ordinal: 2 ** 53 }, ['unsafe-number /ordinal', 'over-limit /ordinal']],
    [
      'an entry that is too long',
      { terms: Array.from({ length: 8 }, (_, index) => ({ key: `term-${index}`, value: 'x'.repeat(9000) })) },
      ['over-limit '],
    ],
    ['another policy than addressed', { policy: 'ferry-pact' }, ['policy-mismatch /policy', 'unknown-policy /policy']],
    [
      'all faults at once',
      { publishedAt: '2027-01-01', links: [{ rel: 'about', to: 'nothing' }], alsoPolicies: ['nowhere'] },
      ['unknown-policy /alsoPolicies/0', 'unknown-link-target /links/0/to', 'published-in-future /publishedAt'],
    ],
  ];
  it.each(cases)('names %s, and nothing is stored', async (_about, more, expected) => {
    expect(await codes(event('one', more))).toEqual(expected);
  });

  it('names a member called __proto__', async () => {
    expect(await codes(JSON.parse('{"__proto__": {"type": "policy.announced"}, "key": "one"}'))).toEqual([
      'unsafe-name /__proto__',
    ]);
  });

  it.each<[string, object, readonly string[]]>([
    ['no reason', about('record.retracted', 'two', 'one', { reason: undefined }), ['missing-reason /reason']],
    ['an unknown target', about('record.retracted', 'two', 'nothing'), ['unknown-target /target']],
    ['itself', about('record.retracted', 'two', 'two'), ['self-target /target']],
    ['no changes', about('record.corrected', 'two', 'one', { changes: {} }), ['empty-changes /changes']],
    [
      'a change of the key',
      about('record.corrected', 'two', 'one', { changes: { key: 'x' } }),
      ['unchangeable-field /changes/key'],
    ],
    [
      'a field that the target lacks',
      about('record.corrected', 'two', 'one', { changes: { host: 'France' } }),
      ['unknown-field /changes/host'],
    ],
    [
      'a required field emptied',
      about('record.corrected', 'two', 'one', { changes: { summary: null } }),
      ['missing-field /changes/summary'],
    ],
    [
      'a link of the corrected event to itself',
      about('record.corrected', 'two', 'one', { changes: { links: [{ rel: 'about', to: 'one' }] } }),
      ['self-link /changes/links/0/to'],
    ],
  ])('of a correction or retraction names %s', async (_about, input, expected) => {
    await record(event('one'));
    expect(await codes(input)).toEqual(expected);
  });

  it('refuses a target of another policy, and one that stays as it is', async () => {
    await recorder.register({ ...registration, slug: 'ferry-pact' });
    await recorder.record('ferry-pact', event('elsewhere', { policy: 'ferry-pact' }), {});
    await record(event('one'));
    await record(
      about('source.retracted', 'withdrawn', 'one', {
        source: { publisher: 'Transport Ministry', title: 'Statement' },
      }),
    );
    expect(await codes(about('record.retracted', 'two', 'elsewhere'))).toEqual(['foreign-target /target']);
    expect(await codes(about('record.retracted', 'two', 'withdrawn'))).toEqual(['forbidden-target /target']);
  });

  it('refuses a correction by which events would follow each other in a circle', async () => {
    await record(event('one'));
    await record(event('two', { links: [{ rel: 'follows', to: 'one' }] }));
    await record(event('three', { links: [{ rel: 'follows', to: 'two' }] }));
    const circle = { changes: { links: [{ rel: 'follows', to: 'three' }] } };
    expect(await codes(about('record.corrected', 'four', 'one', circle))).toEqual(['cycle /changes/links/0/to']);
    await record(about('record.retracted', 'gone', 'three'));
    expect(await codes(about('record.corrected', 'four', 'one', circle))).toEqual(['cycle /changes/links/0/to']);
  });
});

describe('registering a policy', () => {
  it('answers a repeat, and refuses another body', async () => {
    expect(await recorder.register(registration)).toMatchObject({
      outcome: 'repeated',
      key: 'registered:harbour-toll',
      position: 1,
    });
    expect(await recorder.register({ ...registration, title: 'Another' })).toEqual({ outcome: 'differs' });
  });

  it('names every fault', async () => {
    expect(
      await recorder.register({ slug: 'No Slug', title: '', kind: 'dream', jurisdiction: 'XX', colour: 1 }),
    ).toMatchObject({
      outcome: 'rejected',
      rejections: [
        { pointer: '/colour' },
        { pointer: '/slug' },
        { pointer: '/title' },
        { pointer: '/kind' },
        { pointer: '/jurisdiction' },
      ],
    });
  });
});

describe('a correction is judged by what it leaves behind:', () => {
  const corrected = (key: string, target: string, changes: object, more: object = {}) =>
    about('record.corrected', key, target, { changes, ...more });
  const closed = (more: object = {}) =>
    event('closed', { occurred: '2024', effective: { to: '2024-06-30' }, publishedAt: '2025-01-01', ...more });

  it('an end before what occurred, whichever of the two it changes', async () => {
    await record(closed());
    expect(await codes(corrected('c1', 'closed', { effective: { to: '2023' } }))).toEqual([
      'inverted-interval /changes/effective/to',
    ]);
    expect(await codes(corrected('c2', 'closed', { occurred: '2024-07' }))).toEqual([
      'inverted-interval /changes/occurred',
    ]);
    expect(await record(corrected('c3', 'closed', { occurred: '2024-07', effective: null }))).toMatchObject({
      outcome: 'recorded',
    });
    expect(await record(corrected('c4', 'closed', { effective: { from: '2023', to: '2024-03' } }))).toMatchObject({
      outcome: 'recorded',
    });
  });

  it('with the corrections on record, and what these change themselves', async () => {
    await record(closed());
    await record(corrected('c1', 'closed', { occurred: '2023' }));
    expect(await record(corrected('c2', 'closed', { effective: { to: '2023-06' } }))).toMatchObject({
      outcome: 'recorded',
    });
    expect(await codes(corrected('c3', 'c1', { changes: { occurred: '2024' } }))).toEqual([
      'inverted-interval /changes/changes/occurred',
    ]);
    await record(about('record.retracted', 'r1', 'c2'));
    expect(await record(corrected('c3', 'c1', { changes: { occurred: '2024' } }))).toMatchObject({
      outcome: 'recorded',
    });
  });

  it('a date that it takes away, at any depth', async () => {
    await record(closed());
    await record(corrected('c1', 'closed', { occurred: '2023', note: 'Mistyped.' }));
    const taken = { occurred: null, effective: null };
    expect(await codes(corrected('c2', 'closed', taken))).toEqual(['missing-field /changes/occurred']);
    expect(await codes(corrected('c2', 'c1', taken))).toContain('missing-field /changes/occurred');
    expect(await codes(corrected('c2', 'c1', { changes: taken }))).toEqual(['missing-field /changes/changes/occurred']);
    expect(await codes(corrected('c2', 'c1', { occurred: null, changes: { occurred: '2022' } }))).toEqual([
      'missing-field /changes/occurred',
    ]);
  });

  it('the leave that a later publication needs', async () => {
    await record(event('one'));
    expect(await codes(corrected('c1', 'one', { publishedAt: '2027-01-01' }))).toEqual([
      'published-in-future /changes/publishedAt',
    ]);
    await record(event('secret', { publishedAt: '2027-01-01', embargoed: true }));
    expect(await codes(corrected('c2', 'secret', { embargoed: null }))).toEqual([
      'published-in-future /changes/forthcoming',
    ]);
    expect(await record(corrected('c3', 'secret', { publishedAt: '2027-02-01' }))).toMatchObject({
      outcome: 'recorded',
    });
  });

  it('a redescription of which nothing would be left', async () => {
    const { sources, epistemic } = event('one');
    await record({ ...event('renamed'), type: 'policy.redescribed', title: 'Toll', sources, epistemic });
    expect(await codes(corrected('c1', 'renamed', { title: null }))).toEqual(['empty-changes /changes']);
    expect(await record(corrected('c2', 'renamed', { title: null, kind: 'rule' }))).toMatchObject({
      outcome: 'recorded',
    });
  });
});

describe('limits of what is about one event', () => {
  it('are kept by writes and dry runs, read after what others recorded, and cost no other event anything', async () => {
    for (const key of ['one', 'two']) await record(event(key));
    for (let depth = 1; depth <= TARGETS_DEEP; depth += 1)
      await record(about('record.retracted', `r${depth}`, depth === 1 ? 'one' : `r${depth - 1}`));
    const deeper = about('record.retracted', 'deeper', `r${TARGETS_DEEP}`);
    expect(await codes(deeper)).toEqual(['target-chain-too-long /target']);
    expect(await recorder.rehearse('harbour-toll', deeper, {})).toMatchObject({
      outcome: 'rejected',
      rejections: [{ code: 'target-chain-too-long' }],
    });
    const another = createRecording({ ...side.needs, onAcknowledged: () => undefined }).recorder;
    for (let count = TARGETS_DEEP; count < RECORDS_ABOUT; count += 1)
      await another.record(
        'harbour-toll',
        about('record.corrected', `c${count}`, 'one', { changes: { note: 'x' } }),
        {},
      );
    const source = { publisher: 'Post', title: 'Toll', publishedAt: '2024-03-06', genre: 'news' };
    const { reason: _, ...attached } = about('source.attached', 'attached', 'one', { source });
    expect(await codes(attached)).toEqual(['too-many-records-about /target']);
    expect(await record({ ...attached, target: 'two' })).toMatchObject({ outcome: 'recorded' });
    expect(await record(event('three'))).toMatchObject({ outcome: 'recorded' });
    const parked = {
      type: 'operation.event-parked',
      policy: 'harbour-toll',
      target: `r${TARGETS_DEEP}`,
      projection: 'timeline',
      reason: 'Too deep.',
    } as const;
    expect(await recorder.recordOperation(parked)).toMatchObject({ outcome: 'recorded' });
    const retracted = about('record.retracted', 'retracted', 'one');
    expect(await recorder.rehearse('harbour-toll', retracted, {})).toMatchObject({ outcome: 'rehearsed' });
    expect(await record(retracted)).toMatchObject({ outcome: 'recorded' });
    expect(await codes(about('record.retracted', 'again', 'one'))).toEqual(['too-many-records-about /target']);
    expect(await codes(about('record.retracted', 'undone', 'retracted'))).toEqual(['too-many-records-about /target']);
  });
});

describe('who recorded an event', () => {
  const recorders = async () => (await log.readAll(0 as never, 100)).map(({ v, by }) => [v, by]);

  it('is kept in the entry of whatever was recorded: a registration, an event, the act of an operator', async () => {
    await recorder.register({ ...registration, slug: 'ferry' }, { by: 'key-1' });
    await record(event('toll-announced'), { by: 'key-2' });
    const act = { policy: 'harbour-toll', target: 'toll-announced', projection: 'timeline', reason: 'Fixed.' };
    await recorder.recordOperation({ type: 'operation.event-retried', ...act }, { by: 'key-3' });
    expect(await recorders()).toEqual([
      [1, undefined],
      [2, 'key-1'],
      [2, 'key-2'],
      [2, 'key-3'],
    ]);
  });

  it('stays the first who did, whoever repeats it, and is nobody where nobody is named', async () => {
    const first = await record(event('one'), { idempotencyKey: 'a', by: 'key-1' });
    expect(await record(event('one'), { by: 'key-2' })).toEqual({ ...first, outcome: 'repeated' });
    expect(await record(event('one'), { idempotencyKey: 'a' })).toEqual({ ...first, outcome: 'replayed' });
    await record(event('two'));
    expect(await recorders()).toEqual([
      [1, undefined],
      [2, 'key-1'],
      [1, undefined],
    ]);
  });
});

describe('events whose dates depend on each other', () => {
  const following = (key: string, ...keys: readonly string[]) =>
    event(key, { occurred: '2023', links: keys.map((to) => ({ rel: 'follows', to })) });

  it('are limited for events, dry runs and corrections, and each write reads only what is new', async () => {
    let read = 0;
    const readStream = log.readStream.bind(log);
    log.readStream = async (...page) => {
      const entries = await readStream(...page);
      read += entries.length;
      return entries;
    };
    await record(following('e0'));
    for (let at = 1; at < DATED_TOGETHER; at += 1) await record(following(`e${at}`, `e${at - 1}`));
    const next = following('next', 'e7');
    expect(await codes(next)).toEqual(['linked-set-too-large /links/0/to']);
    expect(await recorder.rehearse('harbour-toll', next, {})).toMatchObject({
      outcome: 'rejected',
      rejections: [{ code: 'linked-set-too-large' }],
    });
    read = 0;
    await record(event('apart', { links: [{ rel: 'follows', to: 'e7' }] }));
    expect(await codes(about('record.corrected', 'c', 'apart', { changes: { occurred: '2023-01' } }))).toEqual([
      'linked-set-too-large /changes/occurred',
    ]);
    expect(await record(about('record.corrected', 'd', 'apart', { changes: { occurred: '2025' } }))).toMatchObject({
      outcome: 'recorded',
    });
    expect(read).toBeLessThanOrEqual(2);
  });
});
