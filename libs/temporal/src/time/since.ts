import type { Instant } from '#domain';

/** Keys of events, each with the known time since which something about it is otherwise than it was. */
export class ChangedSince {
  readonly #since = new Map<string, Instant>();

  /** Of a key in several of them the earliest counts. */
  constructor(...parts: readonly Iterable<readonly [string, Instant]>[]) {
    for (const part of parts) for (const [key, at] of part) this.add(key, at);
  }

  [Symbol.iterator](): Iterator<readonly [string, Instant]> {
    return this.#since[Symbol.iterator]();
  }

  get(key: string): Instant | undefined {
    return this.#since.get(key);
  }

  /** Answers whether that is earlier than what was known; undefined is never. */
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
  /** Those of the least place are looked at first. */
  readonly orderOf: (key: string) => number;
  /** Brings one up to date; answers since when it differs from what it was, if it does. */
  readonly renew: (key: string, since: Instant) => Instant | undefined;
  readonly dependents: (key: string) => readonly string[];
}

/**
 * Brings everything stale up to date, and whatever depends on what turns out otherwise; answers that.
 *
 * Where nothing depends on what has a greater place each is looked at once.
 */
export function propagate(stale: ChangedSince, { orderOf, renew, dependents }: Propagation): ChangedSince {
  const changed = new ChangedSince();
  const waiting = new Queue();
  for (const [key] of stale) waiting.put(key, orderOf(key));
  for (let key = waiting.take(); key !== undefined; key = waiting.take()) {
    const since = stale.take(key);
    const from = since === undefined ? undefined : renew(key, since);
    if (from === undefined) continue;
    changed.add(key, from);
    for (const dependent of dependents(key)) if (stale.add(dependent, from)) waiting.put(dependent, orderOf(dependent));
  }
  return changed;
}

/** Keys in order of place. */
class Queue {
  /** The greatest place first. */
  readonly #waiting: { readonly key: string; readonly place: number }[] = [];

  put(key: string, place: number): void {
    let low = 0;
    for (let high = this.#waiting.length; low < high;) {
      const middle = (low + high) >>> 1;
      if ((this.#waiting[middle]?.place ?? -Infinity) > place) low = middle + 1;
      else high = middle;
    }
    if (this.#waiting[low]?.key !== key) this.#waiting.splice(low, 0, { key, place });
  }

  take(): string | undefined {
    return this.#waiting.pop()?.key;
  }
}
