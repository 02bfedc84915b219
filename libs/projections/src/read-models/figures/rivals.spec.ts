import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rangeOf } from './conflict.js';
import { CONFLICTS_SHOWN, type Rival, rivalry } from './rivals.js';

const rival = fc.record({
  event: fc.integer({ min: 0, max: 30 }).map((number) => `e-${number}`),
  occurred_order: fc.constant(''),
  comparator: fc.constantFrom('exact', 'at-least', 'at-most', 'approx', 'nearly', 'vague'),
  value: fc.option(fc.integer({ min: -20, max: 20 }), { freq: 8 }),
});

const inOrder = (rivals: readonly Rival[]): readonly Rival[] =>
  rivals.map((each) => ({ ...each, occurred_order: each.event.padStart(9) }));

function conflictingWith(figure: Rival, rivals: readonly Rival[]): readonly string[] {
  const own = rangeOf(figure);
  const events = rivals.flatMap((other) => {
    const range = rangeOf(other);
    if (!own || !range || other.event === figure.event) return [];
    return range.most < own.least || own.most < range.least ? [other.event] : [];
  });
  return [...new Set(events)];
}

describe('figures about the same thing', () => {
  it('conflict as each compared with each says', () => {
    fc.assert(
      fc.property(fc.array(rival, { maxLength: 60 }).map(inOrder), (rivals) => {
        const conflictsOf = rivalry(rivals);
        for (const figure of rivals) {
          const expected = conflictingWith(figure, rivals);
          const { count, events } = conflictsOf(figure);
          expect(count).toBe(expected.length);
          expect(events).toHaveLength(Math.min(count, CONFLICTS_SHOWN));
          expect(expected).toEqual(expect.arrayContaining([...events]));
        }
      }),
    );
  });

  it('name those nearest in value, in order of occurrence, and count the others', () => {
    const exactly = (value: number): Rival => ({
      event: `e-${value}`,
      occurred_order: String(9_999 - value),
      comparator: 'exact',
      value,
    });
    const rivals = Array.from({ length: 3_000 }, (_, value) => exactly(value));
    const conflictsOf = rivalry(rivals);
    const { count, events } = conflictsOf(exactly(1_000));
    expect(count).toBe(2_999);
    const nearest = Array.from({ length: 21 }, (_, index) => 1_010 - index).filter((value) => value !== 1_000);
    expect(events).toEqual(nearest.map((value) => `e-${value}`));
    const named = rivals.reduce((sum, each) => sum + conflictsOf(each).events.length, 0);
    expect(named).toBe(rivals.length * CONFLICTS_SHOWN);
  });
});
