import { FOREVER, type Instant } from '#domain/facts';
import type { Interval } from './coordinate.js';

/** A value that holds from an instant of known time until the next piece begins. */
export interface Piece<Value> {
  readonly from: Instant;
  readonly value: Value;
}

/** A value over known time: pieces in order, of which neighbours differ. Undefined before the first. */
export type Pieces<Value> = readonly Piece<Value>[];

export const valueAt = <Value>(pieces: Pieces<Value>, at: Instant): Value | undefined =>
  pieces[firstAfter(pieces, at) - 1]?.value;

/** The instants after `since` at which any of the values changes, and `since` itself; in order. */
export function cutsFrom(since: Instant, values: Iterable<Pieces<unknown>>): readonly Instant[] {
  const cuts = new Set<Instant>([since]);
  for (const pieces of values)
    for (let index = firstAfter(pieces, since); index < pieces.length; index += 1) {
      const piece = pieces[index];
      if (piece) cuts.add(piece.from);
    }
  return cuts.size === 1 ? [since] : [...cuts].sort((one, other) => one - other);
}

/** The stretches in which there is a value for which a condition holds. */
export const stretchesOf = <Value>(
  pieces: Pieces<Value | undefined>,
  isTrue: (value: Value) => boolean,
): readonly Interval[] =>
  pieces.flatMap(({ from, value }, index) =>
    value !== undefined && isTrue(value) ? [{ from, to: pieces[index + 1]?.from ?? FOREVER }] : [],
  );

/** The pieces that begin after an instant. */
export const piecesAfter = <Value>(pieces: Pieces<Value>, at: Instant): Pieces<Value> =>
  pieces.slice(firstAfter(pieces, at));

/** The index of the first piece that begins after an instant. */
function firstAfter(pieces: Pieces<unknown>, at: Instant): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle]?.from ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Values over known time by key, renewed from an instant on. */
export class PiecesByKey<Value> {
  readonly #pieces = new Map<string, Pieces<Value | undefined>>();
  #size = 0;

  constructor(private readonly isSame: (one: Value, other: Value) => boolean) {}

  /** The number of pieces of all keys. */
  get size(): number {
    return this.#size;
  }

  of(key: string): Pieces<Value | undefined> {
    return this.#pieces.get(key) ?? [];
  }

  at(key: string, at: Instant): Value | undefined {
    return valueAt(this.of(key), at);
  }

  /**
   * Replaces the values from the first of the cuts on; returns the instant from which they differ, if they do.
   *
   * An equal value stays the same object.
   */
  renew(key: string, cuts: readonly Instant[], valueOf: (at: Instant) => Value | undefined): Instant | undefined {
    const [since] = cuts;
    if (since === undefined) return undefined;
    const before = this.of(key);
    const kept = before.slice(0, firstAfter(before, since));
    if (kept.at(-1)?.from === since) kept.pop();
    let changed: Instant | undefined;
    for (const at of allCuts(cuts, before)) {
      const was = valueAt(before, at);
      const found = valueOf(at);
      const value = this.#areSame(was, found) ? was : found;
      if (value !== was) changed ??= at;
      if (!this.#areSame(kept.at(-1)?.value, value)) kept.push({ from: at, value });
    }
    if (changed === undefined) return undefined;
    this.#pieces.set(key, kept);
    this.#size += kept.length - before.length;
    return changed;
  }

  #areSame(one: Value | undefined, other: Value | undefined): boolean {
    return one === undefined || other === undefined ? one === other : one === other || this.isSame(one, other);
  }
}

/** The cuts, and the instants after the first of them at which the previous values change. */
const allCuts = (cuts: readonly Instant[], before: Pieces<unknown>): readonly Instant[] => {
  const [since] = cuts;
  if (since === undefined || before.at(-1) === undefined || (before.at(-1)?.from ?? since) <= since) return cuts;
  return [...new Set([...cuts, ...cutsFrom(since, [before])])].sort((one, other) => one - other);
};
