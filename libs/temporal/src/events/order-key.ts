import type { Instant, Position } from '#domain/facts';

/** The parts of the key that orders assertions, and events by occurrence, strongest part first. */
export interface Order {
  readonly orderedAt: Instant;
  readonly earliest: Instant;
  readonly settled: Instant;
  readonly rank: number;
  readonly knownFrom: Instant;
  readonly ordinal: number;
  readonly position: Position;
}

/**
 * Writes an order as text that compares, byte by byte, as the order does.
 *
 * Shape: hexadecimal digits of fixed width, the position last, so that all but the last `POSITION_DIGITS` say whether
 * two orders tie in everything else.
 */
export function orderKey({ orderedAt, earliest, settled, rank, knownFrom, ordinal, position }: Order): string {
  writeInstant(orderedAt, 0);
  writeInstant(earliest, 7);
  writeInstant(settled, 14);
  writeWord(rank, 21);
  writeInstant(knownFrom, 25);
  writeNumber(ordinal, 32);
  writeNumber(position, 39);
  return LATIN1.decode(digits);
}

/** True when the two keys differ in nothing but the position. */
export const tieButForPosition = (one: string, other: string): boolean =>
  one.slice(0, -POSITION_DIGITS) === other.slice(0, -POSITION_DIGITS);

const POSITION_DIGITS = 14;

/** The digits of the key that is being written, as character codes: ten times as fast as formatting each number. */
const digits = new Uint8Array(92);

const LATIN1 = new TextDecoder('latin1');
const HEX = new TextEncoder().encode('0123456789abcdef');

const EARLIEST_INSTANT = -(2 ** 52);
const LATEST_INSTANT = 2 ** 52;

// Open ends are clamped beyond any date of the years 0001 to 9999, then shifted so that no byte is negative.
const writeInstant = (instant: Instant, at: number): void =>
  writeNumber(Math.min(Math.max(instant, EARLIEST_INSTANT), LATEST_INSTANT) - EARLIEST_INSTANT, at);

/** Writes a whole number of at most 2^53 in seven bytes, the highest first. */
function writeNumber(value: number, at: number): void {
  const high = Math.floor(value / 2 ** 32);
  writeByte(high >>> 16, at);
  writeByte(high >>> 8, at + 1);
  writeByte(high, at + 2);
  writeWord(value >>> 0, at + 3);
}

/** Writes a whole number below 2^32 in four bytes, the highest first. */
function writeWord(value: number, at: number): void {
  for (let byte = 0; byte < 4; byte += 1) writeByte(value >>> (24 - 8 * byte), at + byte);
}

/** Writes the last eight bits of a number as two digits. */
function writeByte(value: number, at: number): void {
  digits[2 * at] = HEX[(value >>> 4) & 15] ?? 0;
  digits[2 * at + 1] = HEX[value & 15] ?? 0;
}
