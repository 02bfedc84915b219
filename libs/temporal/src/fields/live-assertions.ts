import type { Interval } from '../time/coordinate.js';
import type { DatedAssertion } from '../events/dated-assertion.js';

/** An assertion over one stretch of known time in which it is unchanged. */
export interface LiveAssertion {
  readonly assertion: DatedAssertion;
  /** Equal for assertions that say the same of the same field, for the same event and time. */
  readonly content: string;
  readonly known: Interval;
}

/** The index of the first assertion of at least this weight, in a list ordered by weight, weakest first. */
export function firstAtLeast(live: readonly LiveAssertion[], weight: string): number {
  let low = 0;
  let high = live.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((live[middle]?.assertion.weight ?? '') < weight) low = middle + 1;
    else high = middle;
  }
  return low;
}
