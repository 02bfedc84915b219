import type { Instant } from '#domain/facts';
import type { PausingWork } from './pausing-work.js';

/** Keys of changed events, each with the known time since which something about it has changed. */
export class ChangedSince {
  readonly #since = new Map<string, Instant>();

  /** For a key in several of the parts the earliest time counts. */
  constructor(...parts: readonly Iterable<readonly [string, Instant]>[]) {
    for (const part of parts) for (const [key, at] of part) this.add(key, at);
  }

  [Symbol.iterator](): Iterator<readonly [string, Instant]> {
    return this.#since[Symbol.iterator]();
  }

  get(key: string): Instant | undefined {
    return this.#since.get(key);
  }

  /** Returns whether the time is earlier than the known one; undefined never is. */
  add(key: string, at: Instant | undefined): boolean {
    const known = this.#since.get(key);
    if (at === undefined || (known !== undefined && known <= at)) return false;
    this.#since.set(key, at);
    return true;
  }

  take(key: string): Instant | undefined {
    const at = this.#since.get(key);
    this.#since.delete(key);
    return at;
  }

  /** The neighbours of each, since the same time. */
  *along(neighboursOf: (key: string) => readonly string[]): Iterable<readonly [string, Instant]> {
    for (const [key, at] of this.#since) for (const neighbour of neighboursOf(key)) yield [neighbour, at];
  }
}

interface Propagation {
  /** Keys are renewed in this order, the least first. */
  readonly orderOf: (key: string) => number;
  /** Updates the value of a key; returns the instant from which it differs, if it does. */
  readonly renew: (key: string, since: Instant) => Instant | undefined;
  readonly dependents: (key: string) => readonly string[];
}

/**
 * Renews all stale keys, and the dependents of those that change; returns the changed ones. Pauses after each.
 *
 * Each key is renewed once if no key depends on one that comes later in the order.
 */
export function* propagate(
  stale: ChangedSince,
  { orderOf, renew, dependents }: Propagation,
): PausingWork<ChangedSince> {
  const changed = new ChangedSince();
  const waiting = new Queue();
  for (const [key] of stale) waiting.put(key, orderOf(key));
  for (let key = waiting.take(); key !== undefined; key = waiting.take()) {
    const since = stale.take(key);
    const from = since === undefined ? undefined : renew(key, since);
    yield;
    if (from === undefined) continue;
    changed.add(key, from);
    for (const dependent of dependents(key)) if (stale.add(dependent, from)) waiting.put(dependent, orderOf(dependent));
  }
  return changed;
}

/** A priority queue of keys. */
class Queue {
  /** In descending order. */
  readonly #waiting: { readonly key: string; readonly order: number }[] = [];

  put(key: string, order: number): void {
    let low = 0;
    for (let high = this.#waiting.length; low < high;) {
      const middle = (low + high) >>> 1;
      if ((this.#waiting[middle]?.order ?? -Infinity) > order) low = middle + 1;
      else high = middle;
    }
    if (this.#waiting[low]?.key !== key) this.#waiting.splice(low, 0, { key, order });
  }

  take(): string | undefined {
    return this.#waiting.pop()?.key;
  }
}
