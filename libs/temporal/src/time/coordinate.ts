import type { Instant, Position } from '#domain/facts';

/**
 * One point on the three time axes.
 *
 * `recorded` is the last position of the log that counts, `knownAt` the instant up to which publications count, and
 * `validAt` the instant in the world that is asked about. All inclusive.
 */
export interface Coordinate {
  readonly recorded: Position;
  readonly knownAt: Instant;
  readonly validAt: Instant;
}

/** A state of knowledge, what was on record and public: a coordinate without its valid time. */
export type Knowledge = Omit<Coordinate, 'validAt'>;

/** A half-open interval of instants: `from` is in it, `to` is not. Open ends are infinite. */
export interface Interval {
  readonly from: Instant;
  readonly to: Instant;
}

/** True when the instant lies in the interval. */
export const contains = (interval: Interval, instant: Instant): boolean =>
  interval.from <= instant && instant < interval.to;

/** True when the two intervals share an instant. */
export const overlaps = (one: Interval, other: Interval): boolean => one.from < other.to && other.from < one.to;

/** True when no instant lies in the interval. */
export const isEmpty = (interval: Interval): boolean => interval.from >= interval.to;

/** The shared part of two intervals; empty when they do not meet. */
export const intersection = (one: Interval, other: Interval): Interval => ({
  from: one.from > other.from ? one.from : other.from,
  to: one.to < other.to ? one.to : other.to,
});

/** The parts of `whole` outside `hole`: none, one or two, in order. */
export function subtract(whole: Interval, hole: Interval): readonly Interval[] {
  if (!overlaps(whole, hole)) return [whole];
  const before = { from: whole.from, to: hole.from };
  const after = { from: hole.to, to: whole.to };
  return [before, after].filter((part) => !isEmpty(part));
}

/** The same instants in as few intervals as possible, in order. */
export function union(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = [];
  for (const next of intervals.toSorted((one, other) => (one.from < other.from ? -1 : 1))) {
    const last = joined.at(-1);
    if (last && next.from <= last.to) joined[joined.length - 1] = { from: last.from, to: later(last.to, next.to) };
    else joined.push(next);
  }
  return joined;
}

const later = (one: Instant, other: Instant): Instant => (one > other ? one : other);

/** True when both intervals have the same ends. */
export const isSameInterval = (one: Interval, other: Interval): boolean =>
  one.from === other.from && one.to === other.to;
