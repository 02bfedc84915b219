import { describe, it } from '@jest/globals';
import { asserts, isSqlRefused } from '../../../../test/support/events/asserts.js';
import { type Told, given } from '../../../../test/support/events/given.js';

describe('the life of a policy', () => {
  it.each([
    ['proposed', 'proposed'],
    ['announced', 'announced'],
    ['commenced', 'in-operation'],
    ['paused', 'paused'],
    ['resumed', 'in-operation'],
    ['reversed', 'scrapped'],
    ['ended', 'ended'],
    ['superseded', 'superseded'],
    ['revived', 'announced'],
  ])('%s: its status becomes %s', (name, status) => asserts(`policy.${name}`, {}, { status }));

  it.each(['proposed', 'announced', 'commenced', 'reversed', 'superseded'])(
    '%s: the recorder may give another status, or none',
    (name) => {
      asserts(`policy.${name}`, { status: 'blocked' }, { status: 'blocked' });
      asserts(`policy.${name}`, { status: null }, {});
    },
  );

  it('takes any turn: an unusual one is accepted', () => {
    const told = (key: string, type: string, occurred: string) => ({ key, type, occurred });
    given(
      told('ended', 'policy.ended', '2024-01-01'),
      told('proposed', 'policy.proposed', '2024-02-01'),
      told('resumed', 'policy.resumed', '2024-03-01'),
    )
      .asOf({ knownAt: '2024-03-01' })
      .shows({ state: { status: 'in-operation' } });
  });
});

describe('a reversal', () => {
  const announced = { key: 'announced', type: 'policy.announced', occurred: '2024-01-01' };
  const reversed = { key: 'reversed', type: 'policy.reversed', occurred: '2024-06-01', undoes: 'announced' };

  it('is history, not an edit: what was so before it stays so', () => {
    const policy = given(announced, reversed);
    policy.asOf({ knownAt: '2024-05-31' }).shows({ state: { status: 'announced' } });
    policy.asOf({ knownAt: '2024-06-01' }).shows({ state: { status: 'scrapped' }, events: ['announced', 'reversed'] });
    policy.asOf({ knownAt: '2024-06-01', validAt: '2024-05-31' }).shows({ state: { status: 'announced' } });
  });

  it('may name what it undoes, which must be on record', () => {
    given(announced).when(reversed).then();
    given().when(reversed).then('unknown-link-target /undoes');
  });
});

describe('a policy that is superseded', () => {
  const superseded = { key: 'superseded', type: 'policy.superseded', occurred: '2024-06-01' };
  const ferry = { key: 'ferry-announced', type: 'policy.announced', policy: 'ferry', occurred: '2024-01-01' };

  it('may name the policy that replaced it, which must be registered', () => {
    given(ferry)
      .when({ ...superseded, by: 'ferry' })
      .then();
    given()
      .when({ ...superseded, by: 'ferry' })
      .then('unknown-policy /by');
  });

  it('may leave open by which', () => given().when(superseded).then());

  it('cannot name itself', () =>
    given()
      .when({ ...superseded, by: 'harbour-toll' })
      .then('repeated-policy /by'));
});

describe('a redescription', () => {
  it('says nothing of the state', () =>
    asserts(
      'policy.redescribed',
      { title: 'Lorry toll', kind: 'scheme', jurisdiction: 'GB', aliases: ['toll'], sameAs: ['https://toll.example/'] },
      {},
    ));

  it('may take all addresses elsewhere away', () => asserts('policy.redescribed', { sameAs: [] }, {}));

  it.each([
    ['kind', 'tax', 'invalid-value /kind'],
    ['jurisdiction', 'Britain', 'invalid-value /jurisdiction'],
    ['title', '', 'invalid-value /title'],
    ['aliases', ['Old toll'], 'invalid-value /aliases/0'],
    ['aliases', ['constructor'], 'unsafe-name /aliases/0'],
    ['sameAs', ['urn:nbn:toll'], 'invalid-value /sameAs/0'],
    ['sameAs', ['https://toll.example', 'https://TOLL.example/'], 'duplicate-identifier /sameAs/1'],
  ])('is refused with the %s %j', (field, value, rejection) =>
    isSqlRefused('policy.redescribed', { [field]: value }, rejection),
  );

  it.each(['undoes', 'by', 'title', 'aliases', 'sameAs'])(
    'alone, like its like, has its own fields: not every type has %s',
    (field) => isSqlRefused('policy.announced', { [field]: 'announced' }, `unknown-field /${field}`),
  );
});

describe('a consultation', () => {
  it('is the status of the policy from its opening on', () =>
    asserts('consultation.opened', {}, { status: 'consulting' }));

  it.each(['closed', 'responded'])('%s: changes no status by itself', (name) =>
    asserts(`consultation.${name}`, {}, {}),
  );

  it('that was to last until a day lets what was before show through after it', () => {
    const policy = given(
      { key: 'proposed', type: 'policy.proposed', occurred: '2024-01-01' },
      { key: 'opened', type: 'consultation.opened', occurred: '2024-02-01', effective: { to: '2024-03-10' } },
    );
    policy.asOf({ knownAt: '2024-03-10' }).shows({ state: { status: 'consulting' } });
    policy.asOf({ knownAt: '2024-03-11' }).shows({ state: { status: 'proposed' } });
  });
});

describe('terms', () => {
  const told = (key: string, occurred: string, ...terms: readonly object[]): Told => ({
    key,
    type: 'terms.changed',
    occurred,
    terms,
  });

  it.each(['terms.described', 'terms.changed', 'policy.announced', 'legislation.amended'])(
    'can be told by a %s',
    (type) =>
      asserts(
        type,
        {
          status: null,
          terms: [
            { key: 'price', value: 7, unit: 'GBP' },
            { key: 'days', value: 'weekdays' },
          ],
        },
        {
          terms: { price: { value: 7, unit: 'GBP' }, days: { value: 'weekdays' } },
          ...(type === 'legislation.amended' ? { legal: { 'harbour-toll': 'amended' } } : {}),
        },
      ),
  );

  it('change one by one: those that an event does not name stay', () =>
    given(
      told('one', '2024-01-01', { key: 'price', value: 7 }, { key: 'days', value: 'weekdays' }),
      told('other', '2024-02-01', { key: 'price', value: 9 }),
    )
      .asOf({ knownAt: '2024-02-01' })
      .shows({ state: { terms: { price: { value: 9 }, days: { value: 'weekdays' } } } }));

  it('are gone where their value is null', () => {
    const policy = given(
      told('one', '2024-01-01', { key: 'price', value: 7 }),
      told('other', '2024-02-01', { key: 'price', value: null }),
    );
    policy.asOf({ knownAt: '2024-01-31' }).shows({ state: { terms: { price: { value: 7 } } } });
    policy.asOf({ knownAt: '2024-02-01' }).shows({ state: {} });
  });

  it('can be false or empty of nothing, and still are terms', () =>
    asserts(
      'terms.described',
      {
        terms: [
          { key: 'buses-exempt', value: false },
          { key: 'price', value: 0 },
        ],
      },
      { terms: { 'buses-exempt': { value: false }, price: { value: 0 } } },
    ));
});

describe('what is revealed or missing', () => {
  it.each(['disclosure.reported', 'absence.reported'])('asserts nothing by itself: %s', (type) =>
    asserts(type, {}, {}),
  );

  it('is known from when it was reported, although it happened at some time before', () => {
    const policy = given({
      key: 'disclosed',
      type: 'disclosure.reported',
      occurred: '[..2024-02-11]',
      publishedAt: '2024-02-11',
      terms: [{ key: 'fleet-exempt', value: true }],
    });
    policy.asOf({ knownAt: '2024-02-10' }).shows({ state: {}, uncertain: [] });
    policy.asOf({ knownAt: '2024-02-11' }).shows({ state: { terms: { 'fleet-exempt': { value: true } } } });
    policy
      .asOf({ knownAt: '2024-02-11', validAt: '2020-01-01' })
      .shows({ state: {}, uncertain: [{ field: 'terms.fleet-exempt', value: { value: true }, event: 'disclosed' }] });
  });
});

describe('a pilot', () => {
  it.each<[string, object]>([
    ['planned', { status: 'in-preparation' }],
    ['launched', { status: 'in-pilot' }],
    ['extended', { status: 'in-pilot' }],
    ['ended', {}],
  ])('%s: asserts %j', (name, state) => asserts(`pilot.${name}`, {}, state));

  it('that ends gives the status that the recorder says', () =>
    asserts('pilot.ended', { status: 'in-preparation' }, { status: 'in-preparation' }));

  it('fulfils its plan by its launch', () => {
    const planned: Told = { key: 'planned', type: 'pilot.planned', occurred: '2023-10-05', plannedFor: '2023-11' };
    const policy = given(planned, {
      key: 'launched',
      type: 'pilot.launched',
      occurred: '2023-11-20',
      links: [{ rel: 'fulfils', to: 'planned' }],
    });
    policy
      .asOf({ knownAt: '2023-11-19' })
      .shows({ state: { status: 'in-preparation', plans: { planned: '2023-11' } } });
    policy.asOf({ knownAt: '2023-11-20' }).shows({ state: { status: 'in-pilot' } });
  });
});

describe('implementation', () => {
  it('that advances changes no status', () => asserts('implementation.advanced', {}, {}));

  it('that is set back for a day is as it was before on the next', () => {
    const policy = given(
      { key: 'begun', type: 'policy.commenced', occurred: '2024-04-08' },
      { key: 'failed', type: 'implementation.set-back', occurred: '2024-05-14', effective: { to: '2024-05-14' } },
    );
    policy.asOf({ knownAt: '2024-05-14' }).shows({ state: { status: 'disrupted' } });
    policy.asOf({ knownAt: '2024-05-15' }).shows({ state: { status: 'in-operation' } });
  });
});
