import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { position } from '#domain';
import { type AskedCoordinate, type Told, given } from '../../../../test/support/events/given.js';
import { boundaries, corpus } from '../../../../test/support/events/corpus.js';
import { differenceBetween } from './diff.js';
import { patchBetween } from './json-patch.js';
import { replayPoint } from './replay.js';
import { stateDocument } from './state-document.js';

const twoPoints = corpus().chain(({ events }) => {
  const instants = fc.constantFrom(...boundaries(events));
  const coordinate = fc.record({
    recorded: fc.integer({ min: 0, max: events.length }).map(position),
    knownAt: instants,
    validAt: instants,
  });
  return fc.record({ events: fc.constant(events), from: coordinate, to: coordinate });
});

describe('a diff', () => {
  it('is a patch that turns the first state into the second', () => {
    fc.assert(
      fc.property(twoPoints, ({ events, from, to }) => {
        const [before, after] = [from, to].map((at) => stateDocument(replayPoint(events, at).facts.values()));
        const patched = structuredClone(before);
        const errors = applyPatch(patched, [...patchBetween(before ?? {}, after ?? {})]);
        expect(errors.filter((error) => error !== null)).toEqual([]);
        expect(patched).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  it('names a field exactly when its value differs', () => {
    fc.assert(
      fc.property(twoPoints, ({ events, from, to }) => {
        const [one, other] = [replayPoint(events, from), replayPoint(events, to)];
        const values = (point: typeof one) =>
          Object.fromEntries(
            [...point.facts.values()].filter(({ value }) => value !== null).map(({ field, value }) => [field, value]),
          );
        const { changes } = differenceBetween(one, other);
        const after = { ...values(one) };
        for (const change of changes) {
          if (change.after === null) delete after[change.field];
          else after[change.field] = change.after;
        }
        expect(after).toEqual(values(other));
      }),
      { numRuns: 300 },
    );
  });

  it('is empty between a coordinate and itself', () => {
    fc.assert(
      fc.property(twoPoints, ({ events, from }) => {
        expect(differenceBetween(replayPoint(events, from), replayPoint(events, from))).toEqual({
          changes: [],
          added: [],
          removed: [],
        });
      }),
    );
  });
});

const on = (day: string) => ({ occurred: day, publishedAt: day });
const price = (value: number) => [{ key: 'price', value }];
const seven: Told = { key: 'seven', type: 'terms.described', ...on('2024-01-01'), terms: price(7) };
const nine: Told = { key: 'nine', type: 'terms.changed', ...on('2024-06-01'), terms: price(9) };
const about = (key: string, type: string, day: string, more: object = {}): Told => ({
  key,
  type,
  target: 'nine',
  ...on(day),
  ...more,
});

/** What is said of the one field that differs. */
function difference(from: AskedCoordinate, to: AskedCoordinate, ...told: readonly Told[]) {
  const { changes, added, removed } = given(...told).between(from, to);
  expect(changes.length).toBeLessThan(2);
  const [change] = changes;
  return { ...(change && { why: change.why, events: change.events, causes: change.causes }), added, removed };
}

describe('a value differs because', () => {
  it('something happened between two days of the world', () =>
    expect(
      difference({ knownAt: '2024-12-01', validAt: '2024-05-31' }, { knownAt: '2024-12-01' }, seven, nine),
    ).toEqual({ why: 'happened', events: ['seven', 'nine'], causes: ['nine'], added: [], removed: [] }));

  it('something was published between two states of knowledge', () =>
    expect(
      difference({ knownAt: '2024-06-30' }, { knownAt: '2024-07-01', validAt: '2024-06-30' }, seven, {
        ...nine,
        publishedAt: '2024-07-01',
      }),
    ).toEqual({ why: 'published', events: ['seven', 'nine'], causes: ['nine'], added: ['nine'], removed: [] }));

  it('something public was recorded late', () =>
    expect(difference({ knownAt: '2024-12-01', recorded: 'seven' }, { knownAt: '2024-12-01' }, seven, nine)).toEqual({
      why: 'recorded-late',
      events: ['seven', 'nine'],
      causes: ['nine'],
      added: ['nine'],
      removed: [],
    }));

  it('an event was retracted', () =>
    expect(
      difference(
        { knownAt: '2024-07-01' },
        { knownAt: '2024-09-01', validAt: '2024-07-01' },
        seven,
        nine,
        about('r', 'record.retracted', '2024-08-01'),
      ),
    ).toEqual({ why: 'retracted', events: ['nine', 'seven'], causes: ['nine', 'r'], added: [], removed: ['nine'] }));

  it('an event was corrected', () =>
    expect(
      difference(
        { knownAt: '2024-07-01' },
        { knownAt: '2024-09-01', validAt: '2024-07-01' },
        seven,
        nine,
        about('c', 'record.corrected', '2024-08-01', { changes: { terms: price(8) } }),
      ),
    ).toEqual({ why: 'corrected', events: ['nine'], causes: ['nine', 'c'], added: [], removed: [] }));

  it('a link moved the date of an event', () =>
    expect(
      difference(
        { knownAt: '2024-09-15', validAt: '2024-07-01' },
        { knownAt: '2024-10-15', validAt: '2024-07-01' },
        seven,
        { ...nine, occurred: '2024', publishedAt: '2023-12-15' },
        {
          key: 'sharp',
          type: 'disclosure.reported',
          occurred: '2024-06-15',
          publishedAt: '2024-10-01',
          links: [{ rel: 'refines-date-of', to: 'nine' }],
        },
      ),
    ).toEqual({
      why: 'redated',
      events: ['seven', 'nine'],
      causes: ['nine', 'sharp'],
      added: ['sharp'],
      removed: [],
    }));

  it('something ended, after which what lay under it shows through', () =>
    expect(
      difference(
        { knownAt: '2024-12-01', validAt: '2024-07-31' },
        { knownAt: '2024-12-01', validAt: '2024-08-01' },
        seven,
        { ...nine, effective: { to: '2024-07-31' } },
      ),
    ).toEqual({ why: 'happened', events: ['nine', 'seven'], causes: ['nine'], added: [], removed: [] }));
});

describe('the reason that is given', () => {
  const retracted = about('r', 'record.retracted', '2024-08-01');
  const corrected = about('c', 'record.corrected', '2024-07-15', { changes: { terms: price(8) } });

  it('is a retraction before a correction, where both made a difference', () =>
    expect(
      difference(
        { knownAt: '2024-07-01' },
        { knownAt: '2024-09-01', validAt: '2024-07-01' },
        seven,
        nine,
        corrected,
        retracted,
      ),
    ).toMatchObject({ why: 'retracted', causes: ['nine', 'r'] }));

  it('is the same the other way round', () =>
    expect(
      difference({ knownAt: '2024-09-01', validAt: '2024-07-01' }, { knownAt: '2024-07-01' }, seven, nine, retracted),
    ).toMatchObject({ why: 'retracted', causes: ['nine', 'r'], added: ['nine'], removed: [] }));

  it('is of the event behind the later value, where both are news', () =>
    expect(
      difference({ knownAt: '2024-01-15' }, { knownAt: '2024-12-01' }, seven, nine, {
        ...nine,
        key: 'ten',
        ...on('2024-11-01'),
        terms: price(10),
      }),
    ).toMatchObject({ why: 'happened', events: ['seven', 'ten'], causes: ['ten'], added: ['nine', 'ten'] }));

  it('is not given where another event says the same', () =>
    expect(
      difference({ knownAt: '2024-05-01' }, { knownAt: '2024-07-01' }, seven, { ...nine, terms: price(7) }),
    ).toEqual({ added: ['nine'], removed: [] }));
});

describe('events added and removed', () => {
  it('do not include those that speak of records', () =>
    expect(
      given(seven, nine, about('c', 'record.corrected', '2024-08-01', { changes: { note: 'Else.' } })).between(
        { knownAt: '2024-01-15' },
        { knownAt: '2024-12-01' },
      ).added,
    ).toEqual(['nine']));

  it('are in order of occurrence, whatever of the world is asked about', () => {
    const early: Told = { ...seven, key: 'early', ...on('2023-01-01'), publishedAt: '2024-10-01' };
    const between = given(seven, nine, early).between(
      { knownAt: '2024-01-15', validAt: '2020-01-01' },
      { knownAt: '2024-12-01', validAt: '2020-01-01' },
    );
    expect(between).toEqual({ changes: [], added: ['early', 'nine'], removed: [] });
  });
});
