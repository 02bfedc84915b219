import { describe, expect, it } from '@jest/globals';
import { asserts, isSqlRefused, stateAfter } from '../../../../test/support/events/asserts.js';
import { given } from '../../../../test/support/events/given.js';

const norland = { name: 'Norland', kind: 'country' };
const sudland = { name: 'Sudland', kind: 'country' };
const board = { name: 'Port Board', kind: 'organisation' };

describe('talks and agreements', () => {
  it.each([
    ['negotiation.opened', 'under-negotiation', 'open'],
    ['negotiation.stalled', 'stalled', 'stalled'],
    ['negotiation.resumed', 'under-negotiation', 'open'],
    ['negotiation.collapsed', 'no-agreement', 'collapsed'],
    ['agreement.reached', 'agreed', 'agreed-in-principle'],
    ['agreement.signed', 'agreed', 'signed'],
    ['agreement.ratified', 'agreed', 'ratified'],
    ['agreement.entered-into-force', 'in-operation', 'in-force'],
    ['agreement.terminated', 'ended', 'terminated'],
  ])('%s: the status becomes %s, and the stage with each counterparty %s', (type, status, stage) => {
    asserts(type, {}, { status });
    asserts(
      type,
      { counterparties: [norland, sudland] },
      { status, negotiations: { 'Norland.stage': stage, 'Sudland.stage': stage } },
    );
  });

  it('have no stage with those who merely acted', () =>
    expect(stateAfter('agreement.signed', { actors: [norland] })).toEqual({ status: 'agreed' }));

  it('of one country leave the stage with another as it was', () => {
    const told = (key: string, type: string, occurred: string, party: object) => ({
      key,
      type,
      occurred,
      counterparties: [party],
    });
    given(
      told('north', 'negotiation.opened', '2024-01-01', norland),
      told('south', 'negotiation.collapsed', '2024-02-01', sudland),
    )
      .asOf({ knownAt: '2024-02-01' })
      .shows({
        state: { status: 'no-agreement', negotiations: { 'Norland.stage': 'open', 'Sudland.stage': 'collapsed' } },
      });
  });
});

describe('a step of negotiations', () => {
  it('changes no status, and the stage only where it names one', () => {
    asserts('negotiation.step-taken', { counterparties: [norland] }, {});
    asserts(
      'negotiation.step-taken',
      { counterparties: [norland], stage: 'second round' },
      { negotiations: { 'Norland.stage': 'second round' } },
    );
  });

  it('alone of its family names its stage', () =>
    isSqlRefused('negotiation.stalled', { stage: 'second round' }, 'unknown-field /stage'));

  it('names it in the one form of names', () =>
    asserts(
      'negotiation.step-taken',
      { counterparties: [norland], stage: '  second   round ' },
      { negotiations: { 'Norland.stage': 'second round' } },
    ));
});

describe('a host', () => {
  it.each(['agreed', 'declined'])('%s: as named, before any actor', (answer) => {
    asserts(`host.${answer}`, { host: 'Norland', actors: [sudland] }, { hosts: { Norland: answer } });
    asserts(`host.${answer}`, { host: 'Norland' }, { hosts: { Norland: answer } });
  });

  it.each(['agreed', 'declined'])('%s: else the first country among the actors', (answer) =>
    asserts(`host.${answer}`, { actors: [board, sudland, norland] }, { hosts: { Sudland: answer } }),
  );

  it('is nobody where no country is told', () => {
    asserts('host.agreed', {}, {});
    asserts('host.agreed', { actors: [board] }, {});
  });

  it('cannot have a name that becomes part of an object itself', () =>
    isSqlRefused('host.agreed', { host: 'constructor' }, 'unsafe-name /host'));

  it('may change its mind', () => {
    const told = (key: string, type: string, occurred: string) => ({ key, type, occurred, host: 'Norland' });
    const policy = given(told('yes', 'host.agreed', '2024-01-01'), told('no', 'host.declined', '2024-02-01'));
    policy.asOf({ knownAt: '2024-01-31' }).shows({ state: { hosts: { Norland: 'agreed' } } });
    policy.asOf({ knownAt: '2024-02-01' }).shows({ state: { hosts: { Norland: 'declined' } } });
  });
});

describe('a bill', () => {
  it.each<[string, string, object]>([
    ['introduced', 'introduced', { status: 'legislating' }],
    ['enacted', 'enacted', { status: 'enacted' }],
    ['commenced', 'commenced', { status: 'in-operation' }],
    ['amended', 'amended', {}],
    ['defeated', 'defeated', {}],
    ['withdrawn', 'withdrawn', {}],
    ['repealed', 'repealed', { status: 'ended' }],
  ])('%s: the instrument is %s', (name, stage, status) => {
    asserts(`legislation.${name}`, { instrument: 'tolls-bill' }, { ...status, legal: { 'tolls-bill': stage } });
    asserts(`legislation.${name}`, {}, { ...status, legal: { 'harbour-toll': stage } });
  });

  it('that completes a stage is at that stage, which must be named', () => {
    asserts(
      'legislation.stage-completed',
      { instrument: 'tolls-bill', stage: 'second reading' },
      { status: 'legislating', legal: { 'tolls-bill': 'second reading' } },
    );
    isSqlRefused('legislation.stage-completed', {}, 'missing-field /stage');
  });

  it('is told apart from others of one policy', () => {
    const told = (key: string, type: string, instrument: string) => ({ key, type, instrument, occurred: '2024-03-05' });
    given(
      { ...told('one', 'legislation.introduced', 'tolls-bill'), ordinal: 1 },
      { ...told('other', 'legislation.defeated', 'repeal-bill'), ordinal: 2 },
    )
      .asOf({ knownAt: '2024-03-05' })
      .shows({ state: { status: 'legislating', legal: { 'tolls-bill': 'introduced', 'repeal-bill': 'defeated' } } });
  });

  it('is named by a slug', () =>
    isSqlRefused('legislation.enacted', { instrument: 'Tolls Bill' }, 'invalid-value /instrument'));
});

describe('a challenge in court', () => {
  it.each<[string, object, object]>([
    ['challenge-brought', {}, { legal: { challenge: 'brought' } }],
    ['challenge-refused', {}, { legal: { challenge: 'refused' } }],
    ['injunction-granted', {}, { status: 'blocked', legal: { challenge: 'injunction-granted' } }],
    ['injunction-lifted', {}, { legal: { challenge: 'injunction-lifted' } }],
    ['ruled', { outcome: 'lawful' }, { legal: { challenge: 'lawful' } }],
    ['ruled', { outcome: 'unlawful' }, { legal: { challenge: 'unlawful' } }],
    ['ruled', { outcome: 'partly' }, { legal: { challenge: 'partly' } }],
  ])('%s %j: asserts %j', (name, more, state) => asserts(`court.${name}`, more, state));

  it('ends with one of three outcomes, which a ruling must name', () => {
    isSqlRefused('court.ruled', {}, 'missing-field /outcome');
    isSqlRefused('court.ruled', { outcome: 'mostly' }, 'invalid-value /outcome');
    isSqlRefused('court.challenge-refused', { outcome: 'lawful' }, 'unknown-field /outcome');
  });

  it('blocks the policy until the injunction is lifted and the recorder says what it returned to', () => {
    const told = (key: string, type: string, occurred: string, more: object = {}) => ({ key, type, occurred, ...more });
    const events = [
      told('begun', 'policy.commenced', '2024-01-01'),
      told('granted', 'court.injunction-granted', '2024-02-01'),
    ];
    const lifted = told('lifted', 'court.injunction-lifted', '2024-03-01');
    given(...events, lifted)
      .asOf({ knownAt: '2024-03-01' })
      .shows({ state: { status: 'blocked', legal: { challenge: 'injunction-lifted' } } });
    given(...events, { ...lifted, status: 'in-operation' })
      .asOf({ knownAt: '2024-03-01' })
      .shows({ state: { status: 'in-operation', legal: { challenge: 'injunction-lifted' } } });
  });
});
