import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { isJudgedByWhole } from './change-rules.js';

const told = (key: string, type: string, more: object = {}): Told => ({ key, type, occurred: '2024-03-05', ...more });
const source = { publisher: 'Gazette', title: 'Report', publishedAt: '2024-03-05', genre: 'news' };
const terms = [{ key: 'price', value: 9, unit: 'GBP' }];

const announced = told('announced', 'policy.announced');
const corrected = told('corrected', 'record.corrected', { target: 'announced', changes: { summary: 'Else.' } });
const attached = told('attached', 'source.attached', { target: 'announced', source });
const superseded = told('superseded', 'policy.superseded', { by: 'ferry' });
const ferry = told('ferry-announced', 'policy.announced', { policy: 'ferry' });

const correction = (target: string, changes: object | null, more: object = {}): Told =>
  told('next', 'record.corrected', { target, changes, ...more });

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
    const more = { target: 'announced', [field]: value };
    given(announced)
      .when(correction('announced', { summary: 'Else.' }, more))
      .then(`unknown-field /${field}`);
    given(announced)
      .when(told('next', 'record.retracted', more))
      .then(`unknown-field /${field}`);
    given(announced)
      .when(told('next', 'source.attached', { source, ...more }))
      .then(`unknown-field /${field}`);
  });

  it.each(STATES)('%s in the changes of a correction of a correction, beside its own changes', (field, value) => {
    given(announced, corrected)
      .when(correction('corrected', { [field]: value }))
      .then(`unknown-field /changes/${field}`);
    given(announced, corrected)
      .when(correction('corrected', { changes: { [field]: value } }))
      .then();
  });

  it('a field that the type of the target lacks', () => {
    given(announced)
      .when(correction('announced', { host: 'Norland' }))
      .then('unknown-field /changes/host');
    given(announced)
      .when(correction('announced', { changes: { terms } }))
      .then('unknown-field /changes/changes');
    given(announced, corrected)
      .when(correction('corrected', { changes: { host: 'Norland' } }))
      .then('unknown-field /changes/changes/host');
    given(announced, attached)
      .when(correction('attached', { reason: 'Else.' }))
      .then('unknown-field /changes/reason');
  });

  it('changes that are empty, at any depth', () => {
    given(announced).when(correction('announced', {})).then('empty-changes /changes');
    given(announced, corrected)
      .when(correction('corrected', { changes: {} }))
      .then('empty-changes /changes/changes');
    given(announced, corrected)
      .when(correction('corrected', { changes: null }))
      .then('missing-field /changes/changes');
  });

  it('a redescription of nothing', () => {
    given().when(told('next', 'policy.redescribed')).then('empty-changes ');
    given()
      .when(told('next', 'policy.redescribed', { title: 'Toll' }))
      .then();
  });

  it('a policy superseded by itself, by a correction too', () => {
    given()
      .when(told('next', 'policy.superseded', { by: 'harbour-toll' }))
      .then('repeated-policy /by');
    given(ferry)
      .when(told('next', 'policy.superseded', { by: 'ferry' }))
      .then();
    given(ferry, superseded)
      .when(correction('superseded', { by: 'harbour-toll' }))
      .then('repeated-policy /changes/by');
  });
});

describe('a correction', () => {
  it('can change when an event was published', () =>
    given(announced)
      .when(correction('announced', { publishedAt: '2024-03-04' }))
      .then());

  it.each(['key', 'type', 'policy', 'target'])('cannot change the %s of an event', (field) => {
    given(announced)
      .when(correction('announced', { [field]: 'else' }))
      .then(`unchangeable-field /changes/${field}`);
    given(announced, corrected)
      .when(correction('corrected', { changes: { [field]: 'else' } }))
      .then(`unchangeable-field /changes/changes/${field}`);
  });

  it.each(['occurred', 'publishedAt', 'summary', 'epistemic', 'sources'])(
    'cannot leave an event without its %s',
    (field) =>
      given(announced)
        .when(correction('announced', { [field]: null }))
        .then(`missing-field /changes/${field}`),
  );

  it.each(['note', 'terms', 'status', 'actors', 'effective', 'links', 'plannedFor', 'ordinal'])(
    'may empty the %s of an event',
    (field) =>
      given(announced)
        .when(correction('announced', { [field]: null }))
        .then(),
  );

  it('is checked value by value as the event itself would be', () =>
    given(announced)
      .when(
        correction('announced', {
          occurred: '10 July 2025',
          summary: 'x'.repeat(281),
          terms: [...terms, ...terms],
          figures: [{ measure: 'cost', value: 5, comparator: 'exact' }],
        }),
      )
      .then(
        'figure-without-unit /changes/figures/0/unit',
        'over-limit /changes/summary',
        'date-outside-profile /changes/occurred',
        'duplicate-term /changes/terms/1/key',
      ));

  it('cannot make an event link to itself, or repeat its own policy', () =>
    given(announced)
      .when(correction('announced', { links: [{ rel: 'about', to: 'announced' }], alsoPolicies: ['harbour-toll'] }))
      .then('repeated-policy /changes/alsoPolicies/0', 'self-link /changes/links/0/to'));

  it('may link what it corrects to the correction that it corrects in turn', () =>
    given(announced, corrected)
      .when(correction('announced', { links: [{ rel: 'about', to: 'corrected' }] }))
      .then());

  it('says where the changes of a correction are to be written', () =>
    expect(given(announced, corrected).when(correction('corrected', { terms })).messages).toEqual([
      'A record.corrected has no "terms" of its own. To correct what it changes, write {"changes": {"terms": …}}.',
    ]));

  it('asks whether another field was meant', () =>
    expect(given(announced).when(correction('announced', { source })).messages).toEqual([
      'A policy.announced has no field "source". Did you mean sources?',
    ]));
});

describe('what a correction leaves behind', () => {
  const commenced = told('commenced', 'policy.commenced', { effective: { to: '2024-06-30' } });
  const redescribed = told('redescribed', 'policy.redescribed', { title: 'Toll' });

  it('cannot have ended before it began, whichever of the two dates is corrected', () => {
    given(commenced)
      .when(correction('commenced', { occurred: '2024-07-01' }))
      .then('inverted-interval /changes/occurred');
    given(commenced)
      .when(correction('commenced', { effective: { to: '2024-03-04' } }))
      .then('inverted-interval /changes/effective/to');
    given(commenced)
      .when(correction('commenced', { occurred: '2024-07-01', effective: { to: '2024-08-01' } }))
      .then();
  });

  it('is judged with the corrections that are on record already', () =>
    given(commenced, told('earlier', 'record.corrected', { target: 'commenced', changes: { effective: null } }))
      .when(correction('commenced', { occurred: '2024-07-01' }))
      .then());

  it('is judged through a correction of a correction', () =>
    given(commenced, told('first', 'record.corrected', { target: 'commenced', changes: { occurred: '2024-04-01' } }))
      .when(correction('first', { changes: { occurred: '2024-07-01' } }))
      .then('inverted-interval /changes/changes/occurred'));

  it('is not held against a correction of something else', () =>
    given(commenced)
      .when(correction('commenced', { summary: 'Else.' }))
      .then());

  it('must still redescribe something', () => {
    given(redescribed)
      .when(correction('redescribed', { title: null }))
      .then('empty-changes /changes');
    given(redescribed)
      .when(correction('redescribed', { title: null, kind: 'scheme' }))
      .then();
  });

  it.each([
    [{ occurred: '2024' }, true],
    [{ changes: { effective: null } }, true],
    [{ summary: 'Else.' }, false],
    [{ occurred: null }, false],
    [{ changes: { changes: { forthcoming: true } } }, true],
    [{ changes: { occurred: null } }, false],
  ])('is asked for by the changes %j: %j', (changes, isJudged) => {
    const bodies = given(correction('announced', changes)).events.map(({ body }) => body);
    expect(bodies.map(isJudgedByWhole)).toEqual([isJudged]);
  });
});
