import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { correctionsBehind } from './causes.js';

const day = (text: string) => ({ occurred: text, publishedAt: text });
const price = (value: number) => [{ key: 'price', value, unit: 'GBP' }];
const announced: Told = { key: 'e', type: 'policy.announced', ...day('2024-01-01'), terms: price(7) };
const corrects = (key: string, target: string, changes: object, on: string): Told => ({
  key,
  type: 'record.corrected',
  target,
  changes,
  ...day(on),
});
const retracts = (key: string, target: string, on: string): Told => ({
  key,
  type: 'record.retracted',
  target,
  ...day(on),
});
const attaches = (key: string, target: string, on: string): Told => ({
  key,
  type: 'source.attached',
  target,
  source: { publisher: 'Coast Leaks', title: 'Earlier', publishedAt: on, genre: 'news' },
  occurred: '2024-01-01',
  publishedAt: on,
});
const june = { validAt: '2024-06-01' };

/** What is said of the first change between two days of knowledge about one day of the world. */
const causesBetween = (events: readonly Told[], from: string, to: string) => {
  const [change] = given(...events).between({ knownAt: from, ...june }, { knownAt: to, ...june }).changes;
  return { why: change?.why, causes: change?.causes };
};

describe('the causes of a difference', () => {
  const corrected = [
    announced,
    corrects('c1', 'e', { terms: price(8) }, '2024-07-01'),
    corrects('c2', 'c1', { changes: { terms: price(9) } }, '2024-08-01'),
    retracts('r', 'c1', '2024-09-01'),
    retracts('rr', 'r', '2024-10-01'),
    retracts('rrr', 'rr', '2024-11-01'),
  ];

  it('name a correction of a correction', () =>
    expect(causesBetween(corrected, '2024-07-15', '2024-08-15')).toEqual({
      why: 'corrected',
      causes: ['e', 'c1', 'c2'],
    }));

  it('name a correction with what corrected it since, when neither was known before', () => {
    expect(causesBetween(corrected, '2024-06-15', '2024-08-15').causes).toEqual(['e', 'c1', 'c2']);
    expect(causesBetween(corrected, '2024-08-15', '2024-06-15').causes).toEqual(['e', 'c1', 'c2']);
    expect(causesBetween(corrected, '2024-06-15', '2024-07-15').causes).toEqual(['e', 'c1']);
  });

  it('name the retraction of a correction, and not what corrected it before', () =>
    expect(causesBetween(corrected, '2024-08-15', '2024-09-15')).toEqual({
      why: 'corrected',
      causes: ['e', 'c1', 'r'],
    }));

  it('name the retraction of a retraction, at any depth', () => {
    expect(causesBetween(corrected, '2024-09-15', '2024-10-15').causes).toEqual(['e', 'c1', 'r', 'rr']);
    expect(causesBetween(corrected, '2024-10-15', '2024-11-15').causes).toEqual(['e', 'c1', 'r', 'rr', 'rrr']);
  });

  it('leave out a correction of what the field does not rest on', () =>
    expect(
      causesBetween(
        [
          announced,
          corrects('other', 'e', { summary: 'Worded otherwise.' }, '2024-07-01'),
          corrects('c', 'e', { terms: price(8) }, '2024-07-02'),
        ],
        '2024-06-30',
        '2024-07-15',
      ).causes,
    ).toEqual(['e', 'c']));

  it('leave out a correction that another one overrides', () =>
    expect(
      causesBetween(
        [
          announced,
          corrects('first', 'e', { terms: price(8) }, '2024-07-01'),
          corrects('last', 'e', { terms: price(9) }, '2024-07-02'),
        ],
        '2024-06-30',
        '2024-07-15',
      ).causes,
    ).toEqual(['e', 'last']));

  it('name the retraction that took an event away', () =>
    expect(causesBetween([announced, retracts('r', 'e', '2024-07-01')], '2024-06-30', '2024-07-15')).toEqual({
      why: 'retracted',
      causes: ['e', 'r'],
    }));

  it('name the source that made an event public earlier, and what took the source back', () => {
    const policy = given(
      { ...announced, publishedAt: '2024-06-20' },
      attaches('leak', 'e', '2024-03-01'),
      retracts('back', 'leak', '2024-12-01'),
    );
    const at = (recorded: string) => ({ knownAt: '2024-05-01', validAt: '2024-06-01', recorded });
    const causes = (from: string, to: string) => policy.between(at(from), at(to)).changes[0];
    expect(causes('e', 'leak')).toMatchObject({ why: 'published', causes: ['e', 'leak'] });
    expect(causes('leak', 'back')).toMatchObject({ why: 'published', causes: ['e', 'leak', 'back'] });
  });

  it('name the source but for which an event would not be known yet, and only that', () => {
    const attached = [{ ...announced, publishedAt: '2024-06-20' }, attaches('leak', 'e', '2024-04-01')];
    const known = (to: string) =>
      given(...attached).between({ knownAt: '2024-03-15', ...june }, { knownAt: to, ...june }).changes[0];
    expect(known('2024-04-15')).toMatchObject({ why: 'published', causes: ['e', 'leak'] });
    expect(known('2024-06-25')).toMatchObject({ why: 'published', causes: ['e'] });
  });

  it('name the correction of publishedAt that made an event public earlier', () => {
    const policy = given(
      { ...announced, publishedAt: '2024-06-20' },
      corrects('c', 'e', { publishedAt: '2024-03-01' }, '2024-12-01'),
    );
    const at = (recorded: string) => ({ knownAt: '2024-05-01', validAt: '2024-06-01', recorded });
    expect(policy.between(at('e'), at('c')).changes[0]).toMatchObject({ why: 'published', causes: ['e', 'c'] });
  });

  it('name the link that dates an event, and what brought or took the link', () => {
    const events = [
      { ...announced, occurred: '[..2024-07-30]', publishedAt: '2024-08-01' },
      { key: 'dated', type: 'disclosure.reported', occurred: '2024-05', publishedAt: '2024-08-10' },
      corrects('link', 'dated', { links: [{ rel: 'refines-date-of', to: 'e' }] }, '2024-08-20'),
      retracts('back', 'link', '2024-08-25'),
      corrects('sharper', 'dated', { occurred: '2024-07' }, '2024-09-01'),
    ];
    expect(causesBetween(events, '2024-08-15', '2024-08-22')).toEqual({
      why: 'redated',
      causes: ['e', 'dated', 'link'],
    });
    expect(causesBetween(events, '2024-08-22', '2024-08-27').causes).toEqual(['e', 'dated', 'link', 'back']);
  });

  it('name what dates the event that dates it', () => {
    const events = [
      { ...announced, occurred: '[..2024-07-30]', publishedAt: '2024-08-01' },
      {
        key: 'follower',
        type: 'disclosure.reported',
        occurred: '[..2024-07-28]',
        publishedAt: '2024-08-02',
        links: [{ rel: 'follows', to: 'e' }],
      },
      {
        key: 'sharp',
        type: 'disclosure.reported',
        occurred: '2024-05-10',
        publishedAt: '2024-08-20',
        links: [{ rel: 'refines-date-of', to: 'follower' }],
      },
    ];
    expect(causesBetween(events, '2024-08-15', '2024-08-22')).toEqual({
      why: 'redated',
      causes: ['e', 'follower', 'sharp'],
    });
  });

  it('leave out an event of the same chain whose date made no difference', () => {
    const events = [
      { ...announced, occurred: '[..2024-07-30]', publishedAt: '2024-08-01' },
      {
        key: 'late',
        type: 'disclosure.reported',
        occurred: '2024-07-29',
        publishedAt: '2024-08-20',
        links: [{ rel: 'follows', to: 'e' }],
      },
      {
        key: 'early',
        type: 'disclosure.reported',
        occurred: '2024-05-10',
        publishedAt: '2024-08-20',
        links: [{ rel: 'follows', to: 'e' }],
      },
    ];
    expect(causesBetween(events, '2024-08-15', '2024-08-22')).toEqual({ why: 'redated', causes: ['e', 'early'] });
  });
});

describe('the corrections behind a field', () => {
  const policy = given(
    { ...announced, status: 'announced' },
    corrects('summary', 'e', { summary: 'Worded otherwise.' }, '2024-06-01'),
    corrects('c1', 'e', { terms: price(8) }, '2024-07-01'),
    corrects('c2', 'c1', { changes: { terms: price(9) } }, '2024-08-01'),
    retracts('r', 'c2', '2024-09-01'),
  );
  const behind = (field: string, knownAt: string) => correctionsBehind('e', field, policy.asOf({ knownAt }));

  it('are those that gave its value, and what changed them', () => {
    expect(behind('terms.price', '2024-07-15')).toEqual(['c1']);
    expect(behind('terms.price', '2024-08-15')).toEqual(['c1', 'c2']);
    expect(behind('terms.price', '2024-09-15')).toEqual(['c1']);
    expect(behind('status', '2024-08-15')).toEqual([]);
  });
});
