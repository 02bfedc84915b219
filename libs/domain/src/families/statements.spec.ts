import { describe, it } from '@jest/globals';
import { asserts, isSqlRefused } from '../../../../test/support/events/asserts.js';
import { type Told, given } from '../../../../test/support/events/given.js';

const norland = { name: 'Norland', kind: 'country' };
const board = { name: 'Port Board', kind: 'organisation' };

const STANCES = ['support', 'oppose', 'conditional', 'refuse', 'noncommittal'];

describe('a stance', () => {
  it.each(STANCES)('of %s is the position of every actor', (stance) =>
    asserts(
      'position.stated',
      { actors: [board, norland], stance },
      { positions: { 'Port Board': stance, Norland: stance } },
    ),
  );

  it.each(['objection.raised', 'objection.withdrawn', 'claim.made', 'claim.denied', 'terms.described'])(
    'is a position in a %s, too',
    (type) => asserts(type, { actors: [norland], stance: 'oppose' }, { positions: { Norland: 'oppose' } }),
  );

  it('is nobody’s without actors, and none without a stance', () => {
    asserts('position.stated', { stance: 'oppose' }, {});
    asserts('position.stated', { actors: [norland] }, {});
  });

  it('is not that of counterparties, or of whom it is attributed to', () =>
    asserts('position.stated', { counterparties: [norland], attributedTo: [board], stance: 'oppose' }, {}));

  it('is no new position where an answer was withheld', () => {
    const stated: Told = {
      key: 'stated',
      type: 'position.stated',
      occurred: '2024-01-01',
      actors: [norland],
      stance: 'support',
    };
    given(stated, { ...stated, key: 'silent', type: 'answer.withheld', occurred: '2024-02-01', stance: 'refuse' })
      .asOf({ knownAt: '2024-02-01' })
      .shows({ state: { positions: { Norland: 'support' } } });
  });

  it('is that of one name, however it is spaced or composed', () => {
    const stated = (key: string, name: string, occurred: string, stance: string): Told => ({
      key,
      type: 'position.stated',
      occurred,
      actors: [{ name, kind: 'country' }],
      stance,
    });
    given(
      stated('one', 'Tu\u0308rkiye', '2024-01-01', 'support'),
      stated('other', ' T\u00fcrkiye ', '2024-02-01', 'oppose'),
    )
      .asOf({ knownAt: '2024-02-01' })
      .shows({ state: { positions: { 'T\u00fcrkiye': 'oppose' } } });
  });
});

describe('what people say', () => {
  it.each([
    'position.stated',
    'objection.raised',
    'objection.withdrawn',
    'answer.withheld',
    'claim.made',
    'claim.corroborated',
    'claim.disputed',
    'claim.denied',
    'claim.withdrawn',
  ])('changes no status: %s', (type) => asserts(type, {}, {}));

  it.each(['confirmed', 'reported', 'claimed', 'disputed', 'denied'])(
    'counts for the state whether it is %s or not',
    (epistemic) => asserts('claim.made', { status: 'paused', epistemic }, { status: 'paused' }),
  );

  it.each(['actual', 'planned', 'conditional'])('counts for the state whether it is %s or not', (modality) =>
    asserts('claim.made', { status: 'paused', modality }, { status: 'paused' }),
  );
});

const announced: Told = { key: 'announced', type: 'policy.announced', occurred: '2024-03-01' };
const source = { publisher: 'Coast Radio', title: 'Earlier', publishedAt: '2024-02-01', genre: 'news' };
const about = (type: string, more: object): Told => ({
  key: 'about',
  type,
  occurred: '2024-04-01',
  target: 'announced',
  ...more,
});

const RECORDS: readonly (readonly [type: string, more: object])[] = [
  ['record.corrected', { changes: { summary: 'Else.' }, reason: 'Mistyped.' }],
  ['record.retracted', { reason: 'Never said.' }],
  ['source.attached', { source }],
  ['source.retracted', { source: { publisher: 'Coast Radio', title: 'Earlier' }, reason: 'Not authentic.' }],
];

describe('what speaks of another record', () => {
  it.each(RECORDS)('%s is no event of the policy: it is in no list of those in force', (type, more) =>
    given(announced, about(type, more))
      .asOf({ knownAt: '2024-04-01' })
      .shows({ events: type === 'record.retracted' ? [] : ['announced'] }),
  );

  it.each(RECORDS)('%s needs no source and no word on how sure it is', (type, more) =>
    given(announced).when(about(type, more)).then(),
  );

  it.each(RECORDS)('%s needs a target', (type, more) =>
    given(announced)
      .when(about(type, { ...more, target: undefined }))
      .then('missing-field /target'),
  );

  it.each(RECORDS)('%s has no title, host or instrument of its own', (type, more) =>
    given(announced)
      .when(about(type, { ...more, title: 'Toll', host: 'Norland', instrument: 'tolls-bill' }))
      .then('unknown-field /title', 'unknown-field /host', 'unknown-field /instrument'),
  );

  it.each(RECORDS)('%s may have actors, links, a note and sources', (type, more) =>
    given(announced)
      .when(
        about(type, {
          ...more,
          actors: [{ name: 'Port Board', kind: 'organisation' }],
          links: [{ rel: 'about', to: 'announced' }],
          note: 'Seen in the archive.',
          sources: [source],
        }),
      )
      .then(),
  );
});

describe('a source that is attached', () => {
  it('is a whole source', () =>
    given(announced)
      .when(about('source.attached', { source: { publisher: 'Coast Radio', title: 'Earlier' } }))
      .then('missing-field /source/publishedAt', 'missing-field /source/genre'));
});

describe('a source that is withdrawn', () => {
  it('is named by publisher and title alone', () =>
    given(announced)
      .when(about('source.retracted', { source, reason: 'Not authentic.' }))
      .then('unknown-field /source/publishedAt', 'unknown-field /source/genre'));
});

describe('a registration', () => {
  it('can be retracted, and not corrected', () => {
    given(announced)
      .when(about('record.retracted', { target: 'registered:harbour-toll' }))
      .then('unknown-target /target');
    given(announced)
      .when(about('record.corrected', { target: 'registered:harbour-toll', changes: { summary: 'Else.' } }))
      .then('invalid-value /target');
  });
});

describe('an act of an operator', () => {
  it.each(['event-parked', 'event-retried', 'event-discarded'])('names event, projection and reason: %s', (name) =>
    isSqlRefused(
      `operation.${name}`,
      { reason: '' },
      'missing-field /target',
      'missing-field /projection',
      'missing-reason /reason',
    ),
  );

  it('that accepts a rollback is about the service, and names the tree that was signed', () =>
    isSqlRefused(
      'operation.rollback-accepted',
      { reason: 'The disk was lost.', policy: 'harbour-toll' },
      'missing-field /size',
      'missing-field /root',
      'invalid-value /policy',
    ));
});
