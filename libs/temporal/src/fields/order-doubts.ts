import type { LiveAssertion } from './live-assertions.js';
import type { DoubtChange, OrderDoubt } from './pairing.js';
import { Ties } from './ties.js';
import { type AssertionChange, type Relations, UnknownOrders } from './unknown-orders.js';

/**
 * The doubts about the order of one field's assertions.
 *
 * At each known time an assertion is paired with only one of its rivals, and keeps it as long as it is one: a thousand
 * events of one day give a thousand doubts instead of half a million, and one more event ends none of them.
 */
export class OrderDoubts {
  readonly #ties = new Ties();
  readonly #unknown: UnknownOrders;

  constructor(relations: Relations) {
    this.#unknown = new UnknownOrders(relations);
  }

  /** Updates the doubts after a change; returns those that were removed and added. */
  renew(live: readonly LiveAssertion[], change: AssertionChange): DoubtChange {
    const removed = new Set<OrderDoubt>();
    const added = new Set<OrderDoubt>();
    for (const part of [...this.#ties.renew(live, change.removed, change.added), ...this.#unknown.renew(change)]) {
      // What was added and removed again at this position never held.
      for (const doubt of part.removed) if (!added.delete(doubt)) removed.add(doubt);
      for (const doubt of part.added) added.add(doubt);
    }
    return { removed: [...removed], added: [...added] };
  }
}
