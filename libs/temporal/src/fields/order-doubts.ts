import type { LiveAssertion } from './live-assertions.js';
import type { DoubtChange, OrderDoubt } from './pairing.js';
import { Ties } from './ties.js';
import { type AssertionChange, type Relations, UnknownOrders } from './unknown-orders.js';

/**
 * The doubts about the order of one field's assertions.
 *
 * Each assertion is paired, at each known time, with one of its rivals alone, and stays with it as long as it is one: a
 * thousand events of one day give a thousand doubts, and not half a million, and one more event ends none of them.
 */
export class OrderDoubts {
  readonly #ties = new Ties();
  readonly #unknown: UnknownOrders;

  constructor(relations: Relations) {
    this.#unknown = new UnknownOrders(relations);
  }

  /** Brings the doubts up to date after a change; answers those that went and those that came. */
  renew(live: readonly LiveAssertion[], change: AssertionChange): DoubtChange {
    const removed = new Set<OrderDoubt>();
    const added = new Set<OrderDoubt>();
    for (const part of [...this.#ties.renew(live, change.removed, change.added), ...this.#unknown.renew(change)]) {
      // What came and went again at this position never stood.
      for (const doubt of part.removed) if (!added.delete(doubt)) removed.add(doubt);
      for (const doubt of part.added) added.add(doubt);
    }
    return { removed: [...removed], added: [...added] };
  }
}
