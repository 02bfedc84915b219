import { describe, expect, it } from '@jest/globals';
import type { Bounds } from './dating-parts.js';
import { type Spans, spansMeet, addSpan } from './spans.js';
import { instant } from '../values/time.js';

const span = ([first, last]: readonly [number, number]): Bounds => ({
  earliest: instant(first),
  latest: instant(last),
});
const spans = (...pairs: readonly (readonly [number, number])[]): Spans => pairs.map(span);
const shown = (of: Spans): readonly (readonly number[])[] => of.map(({ earliest, latest }) => [earliest, latest]);

describe('stretches of time with one more', () => {
  const three = spans([10, 20], [30, 40], [50, 60]);

  it.each<[string, [number, number], readonly (readonly number[])[]]>([
    [
      'before all',
      [1, 9],
      [
        [1, 9],
        [10, 20],
        [30, 40],
        [50, 60],
      ],
    ],
    [
      'behind all',
      [70, 80],
      [
        [10, 20],
        [30, 40],
        [50, 60],
        [70, 80],
      ],
    ],
    [
      'between two',
      [22, 28],
      [
        [10, 20],
        [22, 28],
        [30, 40],
        [50, 60],
      ],
    ],
    [
      'that reaches into one',
      [35, 45],
      [
        [10, 20],
        [30, 45],
        [50, 60],
      ],
    ],
    [
      'that shares an instant with one',
      [20, 25],
      [
        [10, 25],
        [30, 40],
        [50, 60],
      ],
    ],
    [
      'that bridges two',
      [20, 30],
      [
        [10, 40],
        [50, 60],
      ],
    ],
    ['that covers all', [0, 100], [[0, 100]]],
    ['that reaches across all but the ends', [15, 55], [[10, 60]]],
  ])('%s', (_where, added, expected) => expect(shown(addSpan(three, span(added)))).toEqual(expected));

  it('that lies within one are the very same list', () => {
    for (const within of [
      [10, 20],
      [32, 38],
      [50, 50],
    ] as const)
      expect(addSpan(three, span(within))).toBe(three);
  });

  it('without an end reach to it', () =>
    expect(shown(addSpan(three, span([-Infinity, 12])))).toEqual([
      [-Infinity, 20],
      [30, 40],
      [50, 60],
    ]));
});

describe('two lists of stretches', () => {
  it.each<[Spans, Spans, boolean]>([
    [[], [], false],
    [spans([1, 2]), [], false],
    [spans([1, 2]), spans([2, 3]), true],
    [spans([1, 2]), spans([3, 4]), false],
    [spans([1, 2], [10, 12]), spans([3, 4], [12, 14]), true],
    [spans([1, 2], [10, 12]), spans([3, 9], [13, 14]), false],
    [spans([-Infinity, 0]), spans([0, Infinity]), true],
  ])('%j and %j share an instant: %j', (one, other, isShared) => {
    expect(spansMeet(one, other)).toBe(isShared);
    expect(spansMeet(other, one)).toBe(isShared);
  });
});
