import { type Interval, intersection, isEmpty, overlaps, isSameInterval, subtract } from './coordinate.js';

/** A stretch of known time by a stretch of valid time; both half-open. */
export interface Rectangle {
  readonly known: Interval;
  readonly valid: Interval;
}

/** True when the two share a point. */
export const meets = (one: Rectangle, other: Rectangle): boolean =>
  overlaps(one.known, other.known) && overlaps(one.valid, other.valid);

/** The shared part of two rectangles that meet. */
export const overlapOf = (one: Rectangle, other: Rectangle): Rectangle => ({
  known: intersection(one.known, other.known),
  valid: intersection(one.valid, other.valid),
});

/** The parts of `whole` outside `hole`, which lies within it: at most four rectangles. */
export const remnantsOf = (whole: Rectangle, hole: Rectangle): readonly Rectangle[] => [
  ...subtract(whole.known, hole.known).map((known) => ({ known, valid: whole.valid })),
  ...subtract(whole.valid, hole.valid).map((valid) => ({ known: hole.known, valid })),
];

export const isSameRectangle = (one: Rectangle, other: Rectangle): boolean =>
  isSameInterval(one.known, other.known) && isSameInterval(one.valid, other.valid);

/** Joins two neighbours into one rectangle; undefined if their union is not one. */
export function joinRectangles(one: Rectangle, other: Rectangle): Rectangle | undefined {
  if (isSameInterval(one.known, other.known)) {
    const valid = joinIntervals(one.valid, other.valid);
    return valid && { known: one.known, valid };
  }
  if (!isSameInterval(one.valid, other.valid)) return undefined;
  const known = joinIntervals(one.known, other.known);
  return known && { known, valid: one.valid };
}

function joinIntervals(one: Interval, other: Interval): Interval | undefined {
  if (one.to === other.from) return { from: one.from, to: other.to };
  if (other.to === one.from) return { from: other.from, to: one.to };
  return undefined;
}

/** The parts of `wholes` outside every one of `holes`. */
export const subtractAll = (wholes: readonly Interval[], holes: readonly Interval[]): readonly Interval[] =>
  holes
    .reduce<readonly Interval[]>((parts, hole) => parts.flatMap((part) => subtract(part, hole)), wholes)
    .filter((part) => !isEmpty(part));
