import { isEmpty, overlaps, without } from '../time/coordinate.js';
import { FieldBoxes, type FieldChange, type Patch } from './field-boxes.js';
import type { LiveAssertion } from './live-assertions.js';
import { OrderDoubts } from './order-doubts.js';
import type { OrderDoubt } from './pairing.js';
import type { Box, Change, Numbering, Standing, Unsure } from '../events/standing.js';
import type { AssertionChange, Relations } from './unknown-orders.js';

/** What changed in what is to be said about one field. */
export interface FieldLedgerChange {
  readonly boxes: Change<Box>;
  readonly unsure: Change<Unsure>;
  /** Assertions whose order is not known. */
  readonly doubts: Change<OrderDoubt>;
}

/** One field's boxes and uncertainties with the numbers under which they were handed out. */
export class FieldLedger {
  readonly #boxes = new FieldBoxes();
  readonly #numbered = new Map<Patch, Standing<Box>>();
  readonly #unsure = new Map<string, readonly Standing<Unsure>[]>();
  readonly #doubts: OrderDoubts;
  readonly #doubtful = new Map<OrderDoubt, Standing<OrderDoubt>>();

  constructor(relations: Relations) {
    this.#doubts = new OrderDoubts(relations);
  }

  apply(change: AssertionChange, numbered: Numbering): FieldLedgerChange {
    const { removed, added } = change;
    const boxes = this.#numberBoxes(this.#boxes.change(removed, added), numbered);
    return {
      boxes,
      unsure: this.#renewUnsure(removed, added, numbered),
      doubts: this.#renewDoubts(change, numbered),
    };
  }

  #numberBoxes({ gone, come }: FieldChange, numbered: Numbering): Change<Box> {
    const closed = gone.flatMap((patch) => this.#numbered.get(patch) ?? []);
    for (const patch of gone) this.#numbered.delete(patch);
    const opened = come.flatMap((patch) => {
      if (!patch.owner) return [];
      const box = numbered({ known: patch.known, valid: patch.valid, assertion: patch.owner.assertion });
      this.#numbered.set(patch, box);
      return [box];
    });
    return { opened, closed };
  }

  #renewUnsure(
    removed: readonly LiveAssertion[],
    added: readonly LiveAssertion[],
    numbered: Numbering,
  ): Change<Unsure> {
    const opened: Standing<Unsure>[] = [];
    const closed: Standing<Unsure>[] = [];
    const open = (content: string, unsure: Unsure): void => {
      const standing = numbered(unsure);
      opened.push(standing);
      this.#unsure.set(content, [...(this.#unsure.get(content) ?? []), standing]);
    };
    for (const { content, known } of removed.filter(isUnsure)) {
      const standing = this.#unsure.get(content) ?? [];
      const cut = standing.filter(({ thing }) => overlaps(thing.known, known));
      const left = standing.filter((unsure) => !cut.includes(unsure));
      if (left.length > 0) this.#unsure.set(content, left);
      else this.#unsure.delete(content);
      closed.push(...cut);
      for (const { thing } of cut)
        for (const rest of without(thing.known, known)) open(content, { assertion: thing.assertion, known: rest });
    }
    for (const { assertion, content, known } of added.filter(isUnsure)) open(content, { assertion, known });
    // What was opened and cut again at this position never stood.
    return {
      opened: opened.filter((unsure) => !closed.includes(unsure)),
      closed: closed.filter((unsure) => !opened.includes(unsure)),
    };
  }

  #renewDoubts(change: AssertionChange, numbered: Numbering): Change<OrderDoubt> {
    const { gone, come } = this.#doubts.renew(this.#boxes.live, change);
    const closed = gone.flatMap((doubt) => this.#doubtful.get(doubt) ?? []);
    for (const doubt of gone) this.#doubtful.delete(doubt);
    const opened = come.map(numbered);
    for (const standing of opened) this.#doubtful.set(standing.thing, standing);
    return { opened, closed };
  }
}

const isUnsure = ({ assertion }: LiveAssertion): boolean => !isEmpty(assertion.unsure);
