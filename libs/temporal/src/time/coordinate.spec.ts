import { describe, expect, it } from '@jest/globals';
import { BEGINNING, FOREVER, instant } from '#domain';
import {
  type Interval,
  contains,
  intersection,
  isEmpty,
  overlaps,
  isSameInterval,
  union,
  subtract,
} from './coordinate.js';

type Ends = readonly [from: number, to: number];

const interval = ([from, to]: Ends): Interval => ({ from: instant(from), to: instant(to) });
const shown = (intervals: readonly Interval[]): readonly Ends[] => intervals.map(({ from, to }) => [from, to]);
const always: Ends = [BEGINNING, FOREVER];

describe('an interval', () => {
  it('contains its first instant and not its end', () =>
    expect([9, 10, 19, 20].map((at) => contains(interval([10, 20]), instant(at)))).toEqual([false, true, true, false]));

  it('without ends contains every instant', () =>
    expect([-1e15, 0, 1e15].every((at) => contains(interval(always), instant(at)))).toBe(true));

  it('is empty where it ends before or when it begins', () =>
    expect(([[10, 20], [10, 11], [10, 10], [20, 10], always] as const).map((ends) => isEmpty(interval(ends)))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]));

  it('is the same as another with both ends alike', () => {
    expect(isSameInterval(interval([1, 2]), interval([1, 2]))).toBe(true);
    expect(isSameInterval(interval([1, 2]), interval([1, 3]))).toBe(false);
    expect(isSameInterval(interval([0, 2]), interval([1, 2]))).toBe(false);
  });
});

describe('two intervals', () => {
  it.each<[Ends, Ends, boolean]>([
    [[10, 20], [19, 30], true],
    [[10, 20], [20, 30], false],
    [[10, 20], [12, 13], true],
    [[10, 20], [1, 10], false],
    [[10, 20], always, true],
  ])('%j and %j share an instant: %j', (one, other, isShared) => {
    expect(overlaps(interval(one), interval(other))).toBe(isShared);
    expect(overlaps(interval(other), interval(one))).toBe(isShared);
    expect(isEmpty(intersection(interval(one), interval(other)))).toBe(!isShared);
  });

  it.each<[Ends, Ends, Ends]>([
    [
      [10, 20],
      [15, 30],
      [15, 20],
    ],
    [
      [10, 20],
      [12, 13],
      [12, 13],
    ],
    [[10, 20], always, [10, 20]],
  ])('%j and %j share %j', (one, other, both) =>
    expect(intersection(interval(one), interval(other))).toEqual(interval(both)),
  );
});

describe('an interval without another', () => {
  it.each<[string, Ends, readonly Ends[]]>([
    [
      'that lies within it',
      [12, 15],
      [
        [10, 12],
        [15, 20],
      ],
    ],
    ['that covers its beginning', [5, 15], [[15, 20]]],
    ['that covers its end', [15, 25], [[10, 15]]],
    ['that covers it', [10, 20], []],
    ['that covers more', always, []],
    ['that touches it', [20, 30], [[10, 20]]],
    ['that lies elsewhere', [30, 40], [[10, 20]]],
  ])('%s', (_where, hole, left) => expect(shown(subtract(interval([10, 20]), interval(hole)))).toEqual(left));
});

describe('intervals in as few as can be', () => {
  it.each<[string, readonly Ends[], readonly Ends[]]>([
    ['none', [], []],
    [
      'apart',
      [
        [30, 40],
        [10, 20],
      ],
      [
        [10, 20],
        [30, 40],
      ],
    ],
    [
      'that touch',
      [
        [20, 30],
        [10, 20],
      ],
      [[10, 30]],
    ],
    [
      'that overlap',
      [
        [10, 20],
        [15, 30],
        [29, 35],
      ],
      [[10, 35]],
    ],
    [
      'within each other',
      [
        [10, 40],
        [15, 20],
        [16, 17],
      ],
      [[10, 40]],
    ],
    [
      'without ends',
      [
        [20, FOREVER],
        [BEGINNING, 25],
        [1, 2],
      ],
      [always],
    ],
  ])('%s', (_what, intervals, joined) => expect(shown(union(intervals.map(interval)))).toEqual(joined));
});
