import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import { parseEventBody } from '../bodies/parse.js';
import type { SeenEvent } from './seen.js';
import { parseInstant } from '../values/time.js';

const NOW = parseInstant('2026-11-22T10:00:00Z');

const PUBLISHED = { publishedAt: '2024-03-05', summary: 'Something happened.' };

const SOURCED = {
  epistemic: 'reported',
  sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: '2024-03-05', genre: 'news' }],
};

/** An event as input gives it; what speaks of records needs no sources. */
const event = (type: string, more: object = {}): Readonly<Record<string, unknown>> => ({
  key: 'new-event',
  type,
  policy: 'toll',
  occurred: '2024-03-05',
  ...PUBLISHED,
  ...(/^(record|source)\./.test(type) ? {} : SOURCED),
  ...more,
});

const correction = (target: string, changes: object, more: object = {}): Readonly<Record<string, unknown>> =>
  event('record.corrected', { target, changes, reason: 'Mistyped.', ...more });

/** Decisions about input, given the events on record; both policies, `toll` and `ferry`, are registered. */
const given = (...onRecord: readonly SeenEvent[]) => ({
  /** Every rejection as `code pointer`, in the order in which they are reported. */
  when(input: object): readonly string[] {
    const parsed = parseEventBody(input, 'Europe/London');
    if (!parsed.ok) return parsed.rejections.map(({ code, pointer }) => `${code} ${pointer}`);
    if (NOW === undefined) throw new Error('The present is not an instant.');
    const seen = {
      policyExists: (slug: string) => ['toll', 'ferry'].includes(slug),
      eventOf: (key: string) => onRecord.find((known) => known.key === key),
      followsEver: () => [],
    };
    const decision = decide(parsed.body, seen, NOW);
    return decision.accepted ? [] : decision.rejections.map(({ code, pointer }) => `${code} ${pointer}`);
  },
});

const announced: SeenEvent = { key: 'announced', type: 'policy.announced', policy: 'toll' };
const corrected: SeenEvent = { key: 'corrected', type: 'record.corrected', policy: 'toll', target: 'announced' };

describe('a publication later than now', () => {
  it.each(['2026-11-23', '2026-11-22T10:00:00.001Z'])('is rejected: %s', (publishedAt) => {
    expect(given().when(event('policy.announced', { publishedAt }))).toEqual(['published-in-future /publishedAt']);
  });

  it.each([{ publishedAt: '2026-11-22T10:00:00Z' }, { publishedAt: '2027-01-01', forthcoming: true }])(
    'is accepted when it is now, or forthcoming: %j',
    (when) => {
      expect(given().when(event('policy.announced', when))).toEqual([]);
    },
  );

  it('is rejected when a correction brings it', () => {
    expect(given(announced).when(correction('announced', { publishedAt: '2026-11-23' }))).toEqual([
      'published-in-future /changes/publishedAt',
    ]);
  });

  it('is rejected when a correction of a correction brings it', () => {
    expect(
      given(announced, corrected).when(correction('corrected', { changes: { publishedAt: '2026-11-23' } })),
    ).toEqual(['published-in-future /changes/changes/publishedAt']);
  });
});

const sourceWithdrawn: SeenEvent = { key: 'withdrawn', type: 'source.retracted', policy: 'toll', target: 'announced' };
const parked: SeenEvent = { key: 'parked', type: 'operation.event-parked', policy: 'toll', target: 'announced' };
const attached: SeenEvent = { key: 'attached', type: 'source.attached', policy: 'toll', target: 'announced' };
const superseded: SeenEvent = { key: 'superseded', type: 'policy.superseded', policy: 'toll' };

const terms = [{ key: 'price', value: 9, unit: 'GBP' }];

const STATES: readonly (readonly [string, unknown])[] = [
  ['effective', { from: '2024' }],
  ['counterparties', [{ name: 'Norland', kind: 'country' }]],
  ['status', 'paused'],
  ['stance', 'support'],
  ['modality', 'planned'],
  ['terms', terms],
  ['figures', [{ measure: 'income', value: 5, comparator: 'exact', unit: 'people' }]],
  ['plannedFor', '2025'],
];

describe('what could have no effect is rejected:', () => {
  it.each(STATES)('%s in what speaks of records', (field, value) => {
    const more = { [field]: value };
    const source = { publisher: 'Gazette', title: 'Report', publishedAt: '2024-03-05', genre: 'news' };
    expect([
      given(announced).when(correction('announced', { summary: 'Else.' }, more)),
      given(announced).when(event('record.retracted', { target: 'announced', reason: 'Wrong.', ...more })),
      given(announced).when(event('source.attached', { target: 'announced', source, ...more })),
    ]).toEqual(new Array(3).fill([`unknown-field /${field}`]));
  });

  it.each(STATES)('%s in the changes of a correction of a correction, beside its own changes', (field, value) => {
    expect(given(announced, corrected).when(correction('corrected', { [field]: value }))).toEqual([
      `unknown-field /changes/${field}`,
    ]);
    expect(given(announced, corrected).when(correction('corrected', { changes: { [field]: value } }))).toEqual([]);
  });

  it('a field that the type of the target lacks', () => {
    expect(given(announced).when(correction('announced', { host: 'Norland' }))).toEqual([
      'unknown-field /changes/host',
    ]);
    expect(given(announced).when(correction('announced', { changes: { terms } }))).toEqual([
      'unknown-field /changes/changes',
    ]);
    expect(given(announced, corrected).when(correction('corrected', { changes: { host: 'Norland' } }))).toEqual([
      'unknown-field /changes/changes/host',
    ]);
    expect(given(attached).when(correction('attached', { reason: 'Else.' }))).toEqual([
      'unknown-field /changes/reason',
    ]);
  });

  it('changes that are empty, at any depth', () => {
    expect(given(announced).when(correction('announced', {}))).toEqual(['empty-changes /changes']);
    expect(given(announced, corrected).when(correction('corrected', { changes: {} }))).toEqual([
      'empty-changes /changes/changes',
    ]);
    expect(given(announced, corrected).when(correction('corrected', { changes: null }))).toEqual([
      'missing-field /changes/changes',
    ]);
  });

  it('a redescription of nothing', () => {
    expect(given().when(event('policy.redescribed'))).toEqual(['empty-changes ']);
    expect(given().when(event('policy.redescribed', { title: 'Toll' }))).toEqual([]);
  });

  it('a policy superseded by itself, by a correction too', () => {
    expect(given().when(event('policy.superseded', { by: 'toll' }))).toEqual(['repeated-policy /by']);
    expect(given().when(event('policy.superseded', { by: 'ferry' }))).toEqual([]);
    expect(given(superseded).when(correction('superseded', { by: 'toll' }))).toEqual(['repeated-policy /changes/by']);
  });
});

describe('the times of an event', () => {
  it.each(['2024-03-04', '2024-02', '2023', '../2024-01'])('reject an end before it can have begun: %s', (to) => {
    expect(given().when(event('policy.commenced', { effective: { to } }))).toEqual(['inverted-interval /effective/to']);
  });

  it.each([{ to: '2024-03-05' }, { to: '2024-03' }, { to: '2024' }, { from: '2023', to: '2024-01' }, { from: '2023' }])(
    'allow %j, since only from and to are compared where both are given',
    (effective) => {
      expect(given().when(event('policy.commenced', { effective }))).toEqual([]);
    },
  );

  it('allow an end within the time in which it occurred', () => {
    const more = { occurred: '2020', effective: { to: '2020-06-30' } };
    expect(given().when(event('policy.commenced', more))).toEqual([]);
    expect(given().when(event('policy.commenced', { ...more, occurred: '[..2024-03]' }))).toEqual([]);
  });

  it.each([
    [{ from: '2024-06', to: '2024-05' }, 'inverted-interval /effective'],
    [{ from: '2024', to: '2024-05' }, 'empty-interval /effective'],
    [{}, 'empty-interval /effective'],
  ])('reject %j', (effective, rejection) => {
    expect(given().when(event('policy.commenced', { effective }))).toEqual([rejection]);
  });
});

describe('a target', () => {
  it.each([
    [sourceWithdrawn, 'forbidden-target /target'],
    [parked, 'forbidden-target /target'],
    [{ ...announced, policy: 'ferry' }, 'foreign-target /target'],
    [{ ...announced, key: 'another' }, 'unknown-target /target'],
  ])('is rejected: %j', (onRecord, rejection) => {
    const target = onRecord.key === 'another' ? 'announced' : onRecord.key;
    const speaking = [
      correction(target, { summary: 'Else.' }),
      event('record.retracted', { target, reason: 'Wrong.' }),
      event('source.retracted', { target, source: { publisher: 'Gazette', title: 'Report' }, reason: 'Withdrawn.' }),
    ];
    for (const input of speaking) expect(given(onRecord).when(input)).toEqual([rejection]);
  });

  it('cannot be the event itself', () => {
    expect(given().when(event('record.retracted', { target: 'new-event', reason: 'Wrong.' }))).toEqual([
      'self-target /target',
    ]);
  });

  it('may lack the source that its publisher withdrew', () => {
    const source = { publisher: 'Nobody yet', title: 'Unheard of' };
    expect(
      given(announced).when(event('source.retracted', { target: 'announced', source, reason: 'Withdrawn.' })),
    ).toEqual([]);
  });
});

describe('a reason', () => {
  it.each([undefined, ''])('is needed by what corrects, retracts or withdraws: %j', (reason) => {
    const source = { publisher: 'Gazette', title: 'Report' };
    for (const input of [
      correction('announced', { summary: 'Else.' }, { reason }),
      event('record.retracted', { target: 'announced', reason }),
      event('source.retracted', { target: 'announced', source, reason }),
    ])
      expect(given(announced).when(input)).toEqual(['missing-reason /reason']);
  });
});

describe('what an event names', () => {
  it('must be on record', () => {
    const links = [{ rel: 'about', to: 'nowhere' }];
    expect(given().when(event('policy.superseded', { by: 'unheard', alsoPolicies: ['unknown'], links }))).toEqual([
      'unknown-policy /alsoPolicies/0',
      'unknown-policy /by',
      'unknown-link-target /links/0/to',
    ]);
  });

  it('cannot be itself or its own policy', () => {
    const links = [{ rel: 'about', to: 'new-event' }];
    expect(given().when(event('policy.announced', { alsoPolicies: ['toll'], links }))).toEqual([
      'repeated-policy /alsoPolicies/0',
      'self-link /links/0/to',
    ]);
  });
});

describe('a figure', () => {
  const figure = { measure: 'cost', value: 5, comparator: 'exact' };
  it.each([
    [{}, 'figure-without-unit'],
    [{ unit: 'pounds' }, 'money-without-currency'],
    [{ unit: '£m' }, 'money-without-currency'],
    [{ unit: 'XYZ' }, 'money-without-currency'],
    [{ unit: 'two words' }, 'invalid-value'],
  ])('is rejected with %j', (unit, code) => {
    expect(given().when(event('figure.reported', { figures: [{ ...figure, ...unit }] }))).toEqual([
      `${code} /figures/0/unit`,
    ]);
  });

  it.each(['GBP', 'EUR-per-person', 'people', 'percent'])('counts in %s', (unit) => {
    expect(given().when(event('figure.reported', { figures: [{ ...figure, unit }] }))).toEqual([]);
  });
});

describe('the limits', () => {
  const source = SOURCED.sources[0];
  it.each<[object, string]>([
    [{ key: 'a'.repeat(121) }, 'over-limit /key'],
    [{ key: 'a--b' }, 'invalid-value /key'],
    [{ summary: 'x'.repeat(281) }, 'over-limit /summary'],
    [{ note: 'x'.repeat(10_001) }, 'over-limit /note'],
    [{ ordinal: -1 }, 'invalid-value /ordinal'],
    [{ ordinal: 2 ** 53 }, 'unsafe-number /ordinal'],
    [{ sources: [{ ...source, url: 'ftp://x.example' }] }, 'invalid-value /sources/0/url'],
    [{ sources: [{ ...source, sha256: 'abc' }] }, 'invalid-value /sources/0/sha256'],
    [{ terms: [...terms, ...terms] }, 'duplicate-term /terms/1/key'],
    [{ terms: [{ key: 'price', value: [] }] }, 'invalid-value /terms/0/value'],
    [{ summary: 'a\u0007' }, 'malformed-text /summary'],
    [{ summary: '\ud800' }, 'malformed-text /summary'],
    [{ colour: 'red' }, 'unknown-field /colour'],
    [{ occurred: '0000-01-01' }, 'date-outside-profile /occurred'],
    [{ publishedAt: '2024-03' }, 'date-outside-profile /publishedAt'],
    [{ sources: [] }, 'invalid-value /sources'],
    [{ epistemic: undefined }, 'missing-field /epistemic'],
  ])('reject %j', (more, rejection) => {
    expect(given().when(event('policy.announced', more))[0]).toBe(rejection);
  });

  it('allow what lies on them', () => {
    const more = {
      key: 'a'.repeat(120),
      summary: 'x'.repeat(280),
      note: 'a\tb\n'.repeat(2500),
      ordinal: 2 ** 53 - 1,
      links: [],
      terms: [],
    };
    expect(given().when(event('policy.announced', more))).toEqual([]);
  });
});

describe('a correction', () => {
  it('can change when an event was published', () => {
    expect(given(announced).when(correction('announced', { publishedAt: '2024-03-04' }))).toEqual([]);
  });

  it.each(['key', 'type', 'policy', 'target'])('cannot change the %s of an event', (field) => {
    expect(given(announced).when(correction('announced', { [field]: 'else' }))).toEqual([
      `unchangeable-field /changes/${field}`,
    ]);
    expect(given(announced, corrected).when(correction('corrected', { changes: { [field]: 'else' } }))).toEqual([
      `unchangeable-field /changes/changes/${field}`,
    ]);
  });

  it('cannot leave an event without a publication', () => {
    expect(given(announced).when(correction('announced', { publishedAt: null }))).toEqual([
      'missing-field /changes/publishedAt',
    ]);
  });
});
