import { isEmpty, overlaps, subtract } from '../time/coordinate.js';
import { FieldBoxes, type CellChanges, type Cell } from './field-boxes.js';
import type { LiveAssertion } from './live-assertions.js';
import { OrderDoubts } from './order-doubts.js';
import type { OrderDoubt } from './pairing.js';
import type { Box, ItemChanges, ItemFactory, LedgerItem, UncertainInterval } from '../events/ledger-items.js';
import type { AssertionChange, Relations } from './unknown-orders.js';

/** The changes that one event made in one field. */
export interface FieldLedgerChange {
  readonly boxes: ItemChanges<Box>;
  readonly uncertain: ItemChanges<UncertainInterval>;
  /** Pairs of assertions whose order is not known. */
  readonly doubts: ItemChanges<OrderDoubt>;
}

/** A ledger of one field: its boxes, uncertainties and doubts, as numbered items. */
export class FieldLedger {
  readonly #boxes = new FieldBoxes();
  readonly #items = new Map<Cell, LedgerItem<Box>>();
  readonly #uncertain = new Map<string, readonly LedgerItem<UncertainInterval>[]>();
  readonly #doubts: OrderDoubts;
  readonly #doubtItems = new Map<OrderDoubt, LedgerItem<OrderDoubt>>();

  constructor(relations: Relations) {
    this.#doubts = new OrderDoubts(relations);
  }

  apply(change: AssertionChange, itemOf: ItemFactory): FieldLedgerChange {
    const { removed, added } = change;
    const boxes = this.#renewBoxes(this.#boxes.change(removed, added), itemOf);
    return {
      boxes,
      uncertain: this.#renewUncertain(removed, added, itemOf),
      doubts: this.#renewDoubts(change, itemOf),
    };
  }

  #renewBoxes({ removed, added }: CellChanges, itemOf: ItemFactory): ItemChanges<Box> {
    const closed = removed.flatMap((cell) => this.#items.get(cell) ?? []);
    for (const cell of removed) this.#items.delete(cell);
    const opened = added.flatMap((cell) => {
      if (!cell.owner) return [];
      const box = itemOf({ known: cell.known, valid: cell.valid, assertion: cell.owner.assertion });
      this.#items.set(cell, box);
      return [box];
    });
    return { opened, closed };
  }

  #renewUncertain(
    removed: readonly LiveAssertion[],
    added: readonly LiveAssertion[],
    itemOf: ItemFactory,
  ): ItemChanges<UncertainInterval> {
    const opened: LedgerItem<UncertainInterval>[] = [];
    const closed: LedgerItem<UncertainInterval>[] = [];
    const open = (content: string, uncertain: UncertainInterval): void => {
      const item = itemOf(uncertain);
      opened.push(item);
      this.#uncertain.set(content, [...(this.#uncertain.get(content) ?? []), item]);
    };
    for (const { content, known } of removed.filter(isUncertain)) {
      const items = this.#uncertain.get(content) ?? [];
      const cut = items.filter(({ value }) => overlaps(value.known, known));
      const left = items.filter((uncertain) => !cut.includes(uncertain));
      if (left.length > 0) this.#uncertain.set(content, left);
      else this.#uncertain.delete(content);
      closed.push(...cut);
      for (const { value } of cut)
        for (const rest of subtract(value.known, known)) open(content, { assertion: value.assertion, known: rest });
    }
    for (const { assertion, content, known } of added.filter(isUncertain)) open(content, { assertion, known });
    // What was opened and cut again at this position never held.
    return {
      opened: opened.filter((uncertain) => !closed.includes(uncertain)),
      closed: closed.filter((uncertain) => !opened.includes(uncertain)),
    };
  }

  #renewDoubts(change: AssertionChange, itemOf: ItemFactory): ItemChanges<OrderDoubt> {
    const { removed, added } = this.#doubts.renew(this.#boxes.live, change);
    const closed = removed.flatMap((doubt) => this.#doubtItems.get(doubt) ?? []);
    for (const doubt of removed) this.#doubtItems.delete(doubt);
    const opened = added.map(itemOf);
    for (const item of opened) this.#doubtItems.set(item.value, item);
    return { opened, closed };
  }
}

const isUncertain = ({ assertion }: LiveAssertion): boolean => !isEmpty(assertion.uncertain);
