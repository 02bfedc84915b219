import { isDeepStrictEqual } from 'node:util';
import { type Interval, intersection, isEmpty, overlaps } from '../time/coordinate.js';
import type { AssertedValue, DatedAssertion } from '../events/dated-assertion.js';
import { subtractAll } from '../time/rectangle.js';

/**
 * Two assertions of one field that disagree and whose order is not known.
 *
 * `tie`: only their positions in the log decide between them. `order-unknown`: the event may have happened before or
 * after the other, which happened at some time within its bounds.
 */
export interface OrderDoubt {
  readonly kind: 'tie' | 'order-unknown';
  readonly field: string;
  readonly known: Interval;
  /** Key of the event in doubt: in a tie the one recorded later, which wins; else the one with the vaguer date. */
  readonly event: string;
  /** Key of the other event, one of possibly several. */
  readonly other: string;
}

/** The doubts that a change removed and added. */
export interface DoubtChange {
  readonly removed: readonly OrderDoubt[];
  readonly added: readonly OrderDoubt[];
}

/** Pairs one assertion with others, each for the known time that is still unpaired. */
export class Pairing {
  readonly found: OrderDoubt[] = [];
  #left: readonly Interval[];

  /** The known time of doubts that hold already is not paired again. */
  constructor(
    private readonly doubted: Pick<OrderDoubt, 'kind' | 'field' | 'event'>,
    known: readonly Interval[],
    holding: readonly OrderDoubt[],
  ) {
    this.#left = subtractAll(
      known,
      holding.map((doubt) => doubt.known),
    );
  }

  get isComplete(): boolean {
    return this.#left.length === 0;
  }

  canAdd(known: readonly Interval[]): boolean {
    return known.some((one) => this.#left.some((left) => overlaps(left, one)));
  }

  /** Pairs it with another event, for the given known times that are still unpaired. */
  add(other: string, over: readonly Interval[]): void {
    for (const left of this.#left)
      for (const known of over.map((one) => intersection(left, one)).filter((shared) => !isEmpty(shared)))
        this.found.push({ ...this.doubted, known, other });
    this.#left = subtractAll(this.#left, over);
  }
}

/** True if two events assert different values for overlapping times. */
export const disagree = (
  one: Pick<DatedAssertion, 'event' | 'valid' | 'value'>,
  other: Pick<DatedAssertion, 'event' | 'valid' | 'value'>,
): boolean => one.event !== other.event && overlaps(one.valid, other.valid) && !isSameValue(one.value, other.value);

const isSameValue = (one: AssertedValue, other: AssertedValue): boolean =>
  one === other || isDeepStrictEqual(one, other);

/** The doubts of each assertion, indexed also by the events with which it is paired. */
export class Doubts {
  readonly #doubts = new Map<string, readonly OrderDoubt[]>();
  /** By the key of the other event. */
  readonly #paired = new Map<string, Set<string>>();

  of(name: string): readonly OrderDoubt[] {
    return this.#doubts.get(name) ?? [];
  }

  /** Names of the assertions that are paired with any of these events. */
  pairedWith(others: Iterable<string>): ReadonlySet<string> {
    const names = new Set<string>();
    for (const other of others) for (const name of this.#paired.get(other) ?? []) names.add(name);
    return names;
  }

  /** Replaces the doubts of an assertion; equal ones stay the same objects. */
  replace(name: string, doubts: readonly OrderDoubt[]): DoubtChange {
    const before = this.of(name);
    const after = doubts.map((doubt) => before.find((known) => isDeepStrictEqual(known, doubt)) ?? doubt);
    if (after.length > 0) this.#doubts.set(name, after);
    else this.#doubts.delete(name);
    for (const { other } of before) this.#paired.get(other)?.delete(name);
    for (const { other } of after) this.#paired.set(other, (this.#paired.get(other) ?? new Set()).add(name));
    return {
      removed: before.filter((doubt) => !after.includes(doubt)),
      added: after.filter((doubt) => !before.includes(doubt)),
    };
  }
}
