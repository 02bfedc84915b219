import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instant } from '#domain';
import type { Interval } from './coordinate.js';
import {
  type Rectangle,
  joinRectangles,
  meets,
  subtractAll,
  overlapOf,
  remnantsOf,
  isSameRectangle,
} from './rectangle.js';

type Ends = readonly [from: number, to: number];

const interval = ([from, to]: Ends): Interval => ({ from: instant(from), to: instant(to) });
const rectangle = (known: Ends, valid: Ends): Rectangle => ({ known: interval(known), valid: interval(valid) });

const side = fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 4 })).map(([from, length]): Ends => [from, from + length]);
const anyRectangle = fc.tuple(side, side).map(([known, valid]) => rectangle(known, valid));

/** The points of a small grid in a rectangle, as text. */
const pointsOf = ({ known, valid }: Rectangle): readonly string[] => {
  const points: string[] = [];
  for (let one = known.from as number; one < known.to; one += 1)
    for (let other = valid.from as number; other < valid.to; other += 1) points.push(`${one}/${other}`);
  return points;
};

describe('two rectangles', () => {
  const whole = rectangle([0, 10], [0, 10]);

  it('meet where both stretches overlap', () => {
    expect(meets(whole, rectangle([9, 12], [9, 12]))).toBe(true);
    expect(meets(whole, rectangle([10, 12], [0, 10]))).toBe(false);
    expect(meets(whole, rectangle([0, 10], [10, 12]))).toBe(false);
  });

  it('are the same where both stretches are', () => {
    expect(isSameRectangle(whole, rectangle([0, 10], [0, 10]))).toBe(true);
    expect(isSameRectangle(whole, rectangle([0, 10], [0, 9]))).toBe(false);
  });

  it.each<[string, Rectangle, Rectangle | undefined]>([
    ['side by side in valid time', rectangle([0, 10], [10, 20]), rectangle([0, 10], [0, 20])],
    ['one after the other in known time', rectangle([10, 20], [0, 10]), rectangle([0, 20], [0, 10])],
    ['side by side and not as high', rectangle([0, 9], [10, 20]), undefined],
    ['apart', rectangle([11, 20], [0, 10]), undefined],
    ['at a corner', rectangle([10, 20], [10, 20]), undefined],
  ])('%s make one, or none', (_where, other, expected) => {
    expect(joinRectangles(whole, other)).toEqual(expected);
    expect(joinRectangles(other, whole)).toEqual(expected);
  });
});

describe('what is left of a rectangle', () => {
  it('is four parts around a hole in the middle', () =>
    expect(remnantsOf(rectangle([0, 10], [0, 10]), rectangle([4, 6], [3, 7]))).toEqual([
      rectangle([0, 4], [0, 10]),
      rectangle([6, 10], [0, 10]),
      rectangle([4, 6], [0, 3]),
      rectangle([4, 6], [7, 10]),
    ]));

  it('is nothing where the hole is all of it', () =>
    expect(remnantsOf(rectangle([0, 10], [0, 10]), rectangle([0, 10], [0, 10]))).toEqual([]));

  it('is, with the hole, every point of it once', () => {
    fc.assert(
      fc.property(anyRectangle, anyRectangle, (whole, other) => {
        fc.pre(meets(whole, other));
        const hole = overlapOf(whole, other);
        const points = [hole, ...remnantsOf(whole, hole)].flatMap(pointsOf);
        expect(points.toSorted()).toEqual(pointsOf(whole).toSorted());
      }),
    );
  });
});

describe('intervals outside others', () => {
  const outsideOf = (wholes: readonly Ends[], holes: readonly Ends[]) =>
    subtractAll(wholes.map(interval), holes.map(interval)).map(({ from, to }) => [from, to]);

  it.each<[readonly Ends[], readonly Ends[], readonly Ends[]]>([
    [[[0, 10]], [], [[0, 10]]],
    [
      [[0, 10]],
      [
        [2, 3],
        [5, 6],
      ],
      [
        [0, 2],
        [3, 5],
        [6, 10],
      ],
    ],
    [
      [
        [0, 10],
        [20, 30],
      ],
      [[5, 25]],
      [
        [0, 5],
        [25, 30],
      ],
    ],
    [
      [[0, 10]],
      [
        [0, 5],
        [5, 10],
      ],
      [],
    ],
    [[[5, 5]], [], []],
  ])('%j outside %j are %j', (wholes, holes, left) => expect(outsideOf(wholes, holes)).toEqual(left));
});
