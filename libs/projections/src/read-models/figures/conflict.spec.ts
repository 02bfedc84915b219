import { describe, expect, it } from '@jest/globals';
import type { ClaimedValue } from './conflict.js';
import { rivalry } from './rivals.js';

const claim = (comparator: string, value: number | null): { comparator: string; value: number | null } => ({
  comparator,
  value,
});

const cannotBothHold = (one: ClaimedValue, other: ClaimedValue): boolean => {
  const rival = { ...other, event: 'other', occurred_order: '2' };
  return rivalry([rival])({ ...one, event: 'one', occurred_order: '1' }).count === 1;
};

describe('two claims of one number', () => {
  it.each([
    ['two exact values', claim('exact', 100), claim('exact', 101)],
    ['at least more than at most', claim('at-least', 100), claim('at-most', 99)],
    ['an exact value below a least one', claim('exact', 99), claim('at-least', 100)],
    ['about one number and exactly a far one', claim('approx', 100), claim('exact', 120)],
    ['nearly a number and more than it', claim('nearly', 100), claim('exact', 101)],
    ['nearly a negative number and one further from nought', claim('nearly', -100), claim('exact', -101)],
    ['about one number and at least a far one', claim('approx', 100), claim('at-least', 120)],
    ['nought and anything else', claim('approx', 0), claim('exact', 1)],
  ])('cannot both hold: %s', (_name, one, other) => {
    expect([cannotBothHold(one, other), cannotBothHold(other, one)]).toEqual([true, true]);
  });

  it.each([
    ['equal values', claim('exact', 100), claim('exact', 100)],
    ['a least value and one above it', claim('at-least', 100), claim('exact', 250)],
    ['a least and a most value that meet', claim('at-least', 100), claim('at-most', 100)],
    ['about one number and exactly a near one', claim('approx', 100), claim('exact', 95)],
    ['about two near numbers', claim('approx', 100), claim('approx', 120)],
    ['nearly a negative number and one nearer to nought', claim('nearly', -100), claim('exact', -95)],
    ['a vague value and anything', claim('vague', 100), claim('exact', 5000)],
    ['no value and anything', claim('exact', null), claim('exact', 1)],
  ])('can both hold: %s', (_name, one, other) => {
    expect([cannotBothHold(one, other), cannotBothHold(other, one)]).toEqual([false, false]);
  });
});
