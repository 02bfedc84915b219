import { describe, expect, it } from '@jest/globals';
import { type SeenEvent, decide } from './decide.js';
import { parseEventBody } from './parse.js';
import { parseInstant } from './time.js';

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

  it.each([{ publishedAt: '2026-11-22T10:00:00Z' }, { publishedAt: '2027-01-01', embargoed: true }])(
    'is accepted when it is now, or under embargo: %j',
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

describe('a correction', () => {
  it('can change when an event was published', () => {
    expect(given(announced).when(correction('announced', { publishedAt: '2024-03-04' }))).toEqual([]);
  });

  it('cannot leave an event without a publication', () => {
    expect(given(announced).when(correction('announced', { publishedAt: null }))).toEqual([
      'missing-field /changes/publishedAt',
    ]);
  });
});
