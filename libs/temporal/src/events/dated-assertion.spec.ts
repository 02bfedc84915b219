import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { FOREVER, endOfDay, instant, position, startOfDay } from '#domain';
import { stateAt } from '../fold/fold.js';
import { type DatedAssertion, compareText, datedAssertionsOf, listUncertainties } from './dated-assertion.js';

const ZONE = 'Europe/London';
const first = (day: string): number => startOfDay(day, ZONE);
const after = (day: string): number => endOfDay(day, ZONE) + 1;

const paused = (more: Partial<Told>): Told => ({
  key: 'paused',
  type: 'policy.paused',
  occurred: '2024-02-01',
  publishedAt: '2024-02-01',
  ...more,
});

/** What the events assert once all of them are known. */
function assertionsOf(...told: readonly Told[]): readonly DatedAssertion[] {
  const { events } = given(...told);
  const { versions } = stateAt(events, { recorded: position(events.length), knownAt: FOREVER, validAt: instant(0) });
  return versions.flatMap(datedAssertionsOf);
}

function assertionOf(...told: readonly Told[]): DatedAssertion {
  const [assertion] = assertionsOf(...told);
  if (!assertion) throw new Error('The event asserts nothing.');
  return assertion;
}

describe('an assertion counts', () => {
  it.each<[string, Partial<Told>, number, number]>([
    ['from its day on, for ever', {}, first('2024-02-01'), FOREVER],
    ['from the day of its effect on', { effective: { from: '2024-04-01' } }, first('2024-04-01'), FOREVER],
    ['from an approximate day as from a day', { effective: { from: '2024-04-01~' } }, first('2024-04-01'), FOREVER],
    ['from the end of a month of effect', { effective: { from: '2024-04' } }, after('2024-04-30') - 1, FOREVER],
    ['to the end of the last day', { effective: { to: '2024-04-30' } }, first('2024-02-01'), after('2024-04-30')],
    ['to the end of the last month', { effective: { to: '2024-04' } }, first('2024-02-01'), after('2024-04-30')],
    ['to the end of the last year', { effective: { to: '2024' } }, first('2024-02-01'), after('2024-12-31')],
    [
      'between both ends of its effect',
      { effective: { from: '2024-03-01', to: '2024-03-31' } },
      first('2024-03-01'),
      after('2024-03-31'),
    ],
    ['for one day', { effective: { from: '2024-03-01', to: '2024-03-01' } }, first('2024-03-01'), after('2024-03-01')],
    [
      'from the end of a month in which it happened',
      { occurred: '2024-02', publishedAt: '2024-06-01' },
      after('2024-02-29') - 1,
      FOREVER,
    ],
    [
      'from its publication where that lies within the month',
      { occurred: '2024-02', publishedAt: '2024-02-10' },
      first('2024-02-10'),
      FOREVER,
    ],
    [
      'from the last millisecond of its end, where it is not certain to have begun before',
      { occurred: '2024', publishedAt: '2025-01-10', effective: { to: '2024-06-30' } },
      after('2024-06-30') - 1,
      after('2024-06-30'),
    ],
  ])('%s', (_when, more, from, to) => expect(assertionOf(paused(more)).valid).toEqual({ from, to }));
});

describe('an assertion is uncertain', () => {
  it('from the earliest bound until it counts', () => {
    const { uncertain, valid } = assertionOf(paused({ occurred: '2024', publishedAt: '2025-01-10' }));
    expect(uncertain).toEqual({ from: first('2024-01-01'), to: valid.from });
  });

  it('at no time where its date is a day and was public on it', () => {
    const { uncertain } = assertionOf(paused({}));
    expect(uncertain.from).toBe(uncertain.to);
  });

  it('for as long as its effect may have begun', () => {
    const { uncertain } = assertionOf(paused({ effective: { from: '2024-04/2024-06' } }));
    expect(uncertain).toEqual({ from: first('2024-04-01'), to: after('2024-06-30') - 1 });
  });

  it('since ever where its date has no lower bound', () =>
    expect(assertionOf(paused({ occurred: '[..2024-02-01]' })).uncertain.from).toBe(-Infinity));

  it('not beyond its own end', () => {
    const refined = {
      key: 'dated',
      type: 'disclosure.reported',
      occurred: '2024-09',
      publishedAt: '2025-01-01',
      links: [{ rel: 'refines-date-of', to: 'paused' }],
    };
    const { uncertain, valid } = assertionOf(
      paused({ occurred: '2024', publishedAt: '2025-01-10', effective: { to: '2024-06-30' } }),
      refined,
    );
    expect(valid.from).toBeGreaterThanOrEqual(valid.to);
    expect(uncertain.to).toBeLessThanOrEqual(valid.to);
  });
});

describe('the order of an assertion', () => {
  const weight = (more: Partial<Told>): string => assertionOf(paused(more)).weight;

  it('is that of the event on a timeline, unless its effect is dated apart', () => {
    const [event] = given(paused({})).events;
    const { versions } = stateAt(event ? [event] : [], {
      recorded: position(1),
      knownAt: FOREVER,
      validAt: instant(0),
    });
    expect(weight({})).toBe(versions[0]?.order);
    expect(weight({ effective: { to: '2025' } })).toBe(versions[0]?.order);
    expect(weight({ effective: { from: '2024-02-02' } })).not.toBe(versions[0]?.order);
  });

  it('is by when its effect begins', () =>
    expect(weight({ effective: { from: '2024-03-01' } }) < weight({ effective: { from: '2024-03-02' } })).toBe(true));

  it('of a vague date is that of its first day, so that it overrules nothing within', () => {
    const vague = { occurred: '2024', publishedAt: '2025-06-01' };
    expect(weight(vague) < weight({ occurred: '2024-01-02', publishedAt: '2024-01-02' })).toBe(true);
    expect(assertionOf(paused(vague)).isVague).toBe(true);
  });

  it('of a vague date that is told within it is that of its publication', () => {
    const told = { occurred: '2024', publishedAt: '2024-06-01' };
    expect(weight(told) > weight({ occurred: '2024-05-31', publishedAt: '2024-05-31' })).toBe(true);
    expect(assertionOf(paused(told)).isVague).toBe(false);
  });

  it('is no longer vague where the effect is dated by itself', () =>
    expect(
      assertionOf(paused({ occurred: '2024', publishedAt: '2025-06-01', effective: { from: '2024-03-01' } })).isVague,
    ).toBe(false));
});

describe('what an event asserts', () => {
  it('is nothing once it is retracted, or where it speaks of records', () => {
    const retracted = { key: 'r', type: 'record.retracted', target: 'paused', occurred: '2024-03-01' };
    expect(assertionsOf(paused({}), retracted)).toEqual([]);
  });

  it('is one value a field: the last in the body', () => {
    const host = { name: 'Norland', kind: 'country' };
    const [assertion, ...others] = assertionsOf({
      ...paused({ actors: [host, { ...host, role: 'host' }], stance: 'support', status: null }),
      type: 'position.stated',
    });
    expect([assertion?.field, others]).toEqual(['positions.Norland', []]);
  });
});

describe('the uncertainties that are listed', () => {
  const uncertainty = (field: string, settled: number, event: string, value: string | null = 'paused') => ({
    field,
    value,
    event,
    from: instant(0),
    settled: instant(settled),
  });

  it('are in order of field, settled start and event', () => {
    const listed = [
      uncertainty('status', 5, 'a'),
      uncertainty('status', 5, 'b'),
      uncertainty('status', 7, 'a'),
      uncertainty('terms.price', 1, 'a'),
    ];
    expect(listUncertainties(listed.toReversed(), [])).toEqual(listed);
  });

  it('leave out the end of a plan that is not there', () => {
    const ends = uncertainty('plans.a', 5, 'b', null);
    expect(listUncertainties([ends], [])).toEqual([]);
    expect(listUncertainties([ends], [{ field: 'plans.a', value: null }])).toEqual([]);
    expect(listUncertainties([ends], [{ field: 'plans.a', value: '2024' }])).toEqual([ends]);
  });

  it('keep the end of a term, and a plan that may be there', () => {
    const kept = [uncertainty('plans.a', 5, 'b', '2024'), uncertainty('terms.price', 5, 'b', null)];
    expect(listUncertainties(kept, [])).toEqual(kept);
  });

  it('are compared by code unit, the same everywhere', () =>
    expect(['b', 'a', 'ä', 'B'].toSorted(compareText)).toEqual(['B', 'a', 'b', 'ä']));
});
