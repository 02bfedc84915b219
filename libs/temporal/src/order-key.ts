import type { Instant, Position } from '#domain';

/** The parts of the key that orders assertions, and events by occurrence, strongest part first. */
export interface Order {
  readonly validFrom: Instant;
  readonly earliest: Instant;
  readonly settled: Instant;
  readonly rank: number;
  readonly knownFrom: Instant;
  readonly ordinal: number;
  readonly position: Position;
}

/**
 * The order as text that compares as the order does, byte by byte.
 *
 * Shape: hexadecimal digits of fixed width, the position last, so that all but the last `POSITION_DIGITS` say whether
 * two orders tie in everything else.
 */
// Joined, since a text that is put together by `+` keeps all its pieces in memory.
export const orderKey = (order: Order): string =>
  [
    instantDigits(order.validFrom),
    instantDigits(order.earliest),
    instantDigits(order.settled),
    digits(order.rank, RANK_DIGITS),
    instantDigits(order.knownFrom),
    digits(order.ordinal, NUMBER_DIGITS),
    digits(order.position, POSITION_DIGITS),
  ].join('');

/** True when the two keys differ in nothing but the position. */
export const tieButForPosition = (one: string, other: string): boolean =>
  one.slice(0, -POSITION_DIGITS) === other.slice(0, -POSITION_DIGITS);

const NUMBER_DIGITS = 14;
const POSITION_DIGITS = 14;
const RANK_DIGITS = 8;

const EARLIEST_INSTANT = -(2 ** 52);
const LATEST_INSTANT = 2 ** 52;

// Open ends are clamped beyond any date of the years 0001 to 9999, then shifted so that no digit is negative.
const instantDigits = (instant: Instant): string =>
  digits(Math.min(Math.max(instant, EARLIEST_INSTANT), LATEST_INSTANT) - EARLIEST_INSTANT, NUMBER_DIGITS);

const digits = (value: number, width: number): string => value.toString(16).padStart(width, '0');
