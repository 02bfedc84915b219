import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { DATING_LINKS, RECORDS_ABOUT, TARGETS_DEEP } from './recorded-limits.js';

const event = (key: string, more: object = {}): Told => ({
  key,
  type: 'policy.announced',
  occurred: '2024-01-01',
  ...more,
});

const MORE: Readonly<Record<string, object>> = {
  'record.corrected': { changes: { summary: 'Else.' } },
  'source.attached': { source: { publisher: 'Gazette', title: 'Report', publishedAt: '2024-01-01', genre: 'news' } },
  'operation.event-parked': { projection: 'timeline', reason: 'Unreadable.' },
};

const about = (key: string, target: string, type = 'record.retracted'): Told => ({
  key,
  type,
  target,
  occurred: '2024-01-01',
  ...MORE[type],
});

/** `length` retractions, each of the one before. */
const chainOf = (length: number, first = 'e0'): readonly Told[] =>
  Array.from({ length }, (_each, index) => about(`r${index + 1}`, index === 0 ? first : `r${index}`));

const many = (count: number, type: string): readonly Told[] =>
  Array.from({ length: count }, (_each, index) => about(`s${index}`, 'e0', type));

const TOO_MANY = 'too-many-records-about /target';

describe('a record about a record', () => {
  it('is refused once the chain is as deep as it may be', () => {
    const chain = [event('e0'), ...chainOf(TARGETS_DEEP)];
    given(...chain.slice(0, -1))
      .when(about('next', `r${TARGETS_DEEP - 1}`))
      .then();
    given(...chain)
      .when(about('next', `r${TARGETS_DEEP}`))
      .then('target-chain-too-long /target');
    given(...chain)
      .when(about('next', `r${TARGETS_DEEP - 1}`))
      .then();
    expect(given(...chain).when(about('next', `r${TARGETS_DEEP}`)).messages).toEqual([
      'Records about records can be at most 32 levels deep, and "r32" is already that deep. Correct or retract "e0" itself instead.',
    ]);
  });

  it('counts for the event that all is about in the end', () => {
    const rest = many(RECORDS_ABOUT - 3, 'record.retracted');
    const all = given(event('e0'), event('e1'), ...chainOf(3), ...rest);
    all.when(about('next', 'r3')).then(TOO_MANY);
    all.when(about('next', 's7', 'source.attached')).then(TOO_MANY);
    expect(all.when(about('next', 'e0')).messages).toEqual([
      'There are already 200 records about "e0", directly or through others; at most 200 are allowed. It is retracted: record the correct facts as a new event, under another key.',
    ]);
    all.when(about('next', 'e1')).then();
    given(event('e0'), ...chainOf(3), ...rest.slice(1))
      .when(about('next', 'r3'))
      .then();
  });

  describe('once there are as many as there can be', () => {
    const corrections = many(RECORDS_ABOUT - 2, 'record.corrected');
    const inForce = [event('e0'), ...corrections, about('r', 'e0'), about('undone', 'r')];
    const full = given(...inForce);
    const over = given(...inForce, about('last', 'e0'));

    it('still retracts the event itself', () => {
      full.when(about('next', 'e0')).then();
      over.when(about('next', 'e0')).then(TOO_MANY);
    });

    it('is refused where it says anything else', () => {
      const others = [
        about('next', 'e0', 'record.corrected'),
        about('next', 'e0', 'source.attached'),
        about('next', 's7'),
        about('next', 'undone'),
      ];
      for (const other of others) full.when(other).then(TOO_MANY);
      expect(full.when(about('next', 'e0', 'record.corrected')).messages).toEqual([
        'There are already 200 records about "e0", directly or through others; at most 200 are allowed. Retract "e0" itself, which is still possible, and record the correct facts as a new event, under another key.',
      ]);
    });

    it('takes back no retraction, so that there is an end', () => {
      for (const target of ['last', 'undone', 'r', 'e0']) over.when(about('next', target)).then(TOO_MANY);
    });
  });

  it('does not count where it is an act of an operator', () => {
    const parked = many(RECORDS_ABOUT + 1, 'operation.event-parked');
    given(event('e0'), ...parked, ...chainOf(TARGETS_DEEP))
      .when(about('next', 'e0'))
      .then();
  });
});

describe('an event that others date', () => {
  const events = Array.from({ length: DATING_LINKS + 2 }, (_each, index) => event(`e${index}`));
  const linked = (count: number, rel = 'follows') => ({
    links: events.slice(0, count).map(({ key: to }) => ({ rel, to })),
  });
  const corrected = (changes: object): Told => ({ ...about('next', 'e21', 'record.corrected'), changes });

  it('is refused with more links that date than one may have', () => {
    given(...events)
      .when(event('next', linked(DATING_LINKS)))
      .then();
    for (const rel of ['follows', 'refines-date-of'])
      given(...events)
        .when(event('next', linked(DATING_LINKS + 2, rel)))
        .then('too-many-dating-links /links/20/to');
    expect(given(...events).when(event('next', linked(DATING_LINKS + 1))).messages).toEqual([
      'The event has 21 links follows or refines-date-of; at most 20 are allowed. Link only to the nearest events: what they follow counts as followed, too.',
    ]);
  });

  it('is refused where a correction brings more of them', () => {
    given(...events)
      .when(corrected(linked(DATING_LINKS)))
      .then();
    given(...events)
      .when(corrected(linked(DATING_LINKS + 1)))
      .then('too-many-dating-links /changes/links/20/to');
  });

  it('may have any number of links that do not date', () =>
    given(...events)
      .when(event('next', linked(DATING_LINKS + 1, 'about')))
      .then());
});
