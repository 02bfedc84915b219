import type { Position } from '#domain';

/** A batch that cannot be written is tried again in batches of this part of its size. */
const FACTOR = 25;

/** At most so many stretches are kept in mind; the oldest gives way, and is found again if it must be. */
const STRETCHES_LIMIT = 32;

/** Entries after one position and up to another that must be taken in small batches. */
interface Stretch {
  readonly after: number;
  readonly to: number;
  readonly size: number;
}

/** Knows where batches must be smaller than usual, because a larger one could not be written. */
export class Narrowing {
  #stretches: readonly Stretch[] = [];

  /** Notes that a batch could not be written: its entries are to be taken in smaller ones. */
  narrow({ after, to, size }: { readonly after: Position; readonly to: Position; readonly size: number }): void {
    const stretch = { after, to, size: Math.max(1, Math.floor(size / FACTOR)) };
    this.#stretches = [...this.#stretches, stretch].slice(-STRETCHES_LIMIT);
  }

  /** How many of the entries after a position may be in one batch, out of so many. */
  limitAfter(position: number, count: number): number {
    const within = this.#stretches.filter(({ after, to }) => after <= position && position < to);
    return Math.min(count, ...within.map(({ size }) => size));
  }

  /** Forgets the stretches that end at a position or before: they are written. */
  passed(position: Position): void {
    if (this.#stretches.length > 0) this.#stretches = this.#stretches.filter(({ to }) => to > position);
  }
}
