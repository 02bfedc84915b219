import { BEGINNING, FOREVER } from '#domain';
import { isEmpty, overlaps, subtract } from '../time/coordinate.js';
import { type DatedAssertion, compareText } from '../events/dated-assertion.js';
import { type LiveAssertion, firstAtLeast } from './live-assertions.js';
import { type Rectangle, joinRectangles, meets, overlapOf, remnantsOf, isSameRectangle } from '../time/rectangle.js';
import { CellIndex } from './cell-index.js';
import type { WeightedArea } from './cell-list.js';

/** A rectangle in which one assertion wins, or none (the floor). */
export interface Cell extends Rectangle {
  readonly owner: LiveAssertion | null;
}

/** The cells of one field that a change removed and added. */
export interface CellChanges {
  readonly removed: readonly Cell[];
  /** In order of known time, then valid time. */
  readonly added: readonly Cell[];
}

interface Draft {
  readonly removed: Set<Cell>;
  readonly added: Set<Cell>;
}

const EVERYWHERE: Cell = {
  owner: null,
  known: { from: BEGINNING, to: FOREVER },
  valid: { from: BEGINNING, to: FOREVER },
};

/**
 * The cells of one field of one policy: disjoint rectangles of known by valid time, at the newest position.
 *
 * Guarantee: every point lies in exactly one cell, and that cell's owner is the strongest live assertion there, or
 * null when none is. The cost of a change is proportional to the number of cells that it touches.
 */
export class FieldBoxes {
  readonly #cells = new CellIndex<Cell>(weightOf);
  /** Ordered by weight, weakest first. */
  readonly #live: LiveAssertion[] = [];

  constructor() {
    this.#cells.add(EVERYWHERE);
  }

  get cells(): Iterable<Cell> {
    return this.#cells;
  }

  get live(): readonly LiveAssertion[] {
    return this.#live;
  }

  /** Removes and adds live assertions, and reassigns the cells that they concern. */
  change(removed: readonly LiveAssertion[], added: readonly LiveAssertion[]): CellChanges {
    for (const assertion of removed) this.#takeOut(assertion);
    for (const assertion of added) this.#putIn(assertion);
    const draft: Draft = { removed: new Set(), added: new Set() };
    for (const assertion of added) this.#claim(assertion, draft);
    for (const assertion of removed) this.#release(assertion, draft);
    return this.#settle(draft);
  }

  #takeOut(removed: LiveAssertion): void {
    for (let index = firstAtLeast(this.#live, removed.assertion.weight); index < this.#live.length;) {
      const live = this.#live[index];
      if (!live || live.assertion.weight !== removed.assertion.weight) return;
      const isCut = live.content === removed.content && overlaps(live.known, removed.known);
      const rest = isCut
        ? subtract(live.known, removed.known).map((known) => ({
            assertion: live.assertion,
            content: live.content,
            known,
          }))
        : [live];
      if (isCut) this.#live.splice(index, 1, ...rest);
      index += rest.length;
    }
  }

  #putIn(added: LiveAssertion): void {
    this.#live.splice(firstAtLeast(this.#live, added.assertion.weight), 0, added);
  }

  #claim(claimant: LiveAssertion, draft: Draft): void {
    const { assertion, known } = claimant;
    const claim: WeightedArea = { known, valid: assertion.valid, weight: assertion.weight };
    for (const cell of this.#findMeeting(claim, (candidate) => yieldsTo(candidate, assertion))) {
      const hole = overlapOf(cell, claim);
      this.#replace(cell, { hole, parts: [cellOf(hole, claimant)] }, draft);
    }
  }

  #release(removed: LiveAssertion, draft: Draft): void {
    const { valid, weight } = removed.assertion;
    const area: WeightedArea = { known: removed.known, valid, weight };
    for (const cell of this.#findMeeting(area, ({ owner }) => owner?.content === removed.content)) {
      const hole = overlapOf(cell, area);
      this.#replace(cell, { hole, parts: this.#cover(hole, weight) }, draft);
    }
  }

  #findMeeting(area: WeightedArea, concerns: (cell: Cell) => boolean): readonly Cell[] {
    return isEmpty(area.valid) ? [] : this.#cells.findMeeting(area).filter(concerns);
  }

  #replace(cell: Cell, { hole, parts }: { hole: Rectangle; parts: readonly Cell[] }, draft: Draft): void {
    this.#cells.delete(cell);
    if (!draft.added.delete(cell)) draft.removed.add(cell);
    for (const remnant of remnantsOf(cell, hole)) this.#addCell(cellOf(remnant, cell.owner), draft);
    for (const part of parts) this.#addCell(part, draft);
  }

  #addCell(cell: Cell, draft: Draft): void {
    this.#cells.add(cell);
    draft.added.add(cell);
  }

  /** Covers an area with the strongest live assertions of at most this weight, and the rest of it with floor. */
  #cover(area: Rectangle, weight: string): readonly Cell[] {
    const covered: Cell[] = [];
    let open: readonly Rectangle[] = [area];
    let index = firstAtLeast(this.#live, weight);
    while (this.#live[index]?.assertion.weight === weight) index += 1;
    for (index -= 1; index >= 0 && open.length > 0; index -= 1) {
      const owner = this.#live[index];
      if (!owner) break;
      const claim: Rectangle = { known: owner.known, valid: owner.assertion.valid };
      if (isEmpty(claim.valid)) continue;
      open = open.flatMap((part) => {
        if (!meets(part, claim)) return [part];
        const overlap = overlapOf(part, claim);
        covered.push(cellOf(overlap, owner));
        return remnantsOf(part, overlap);
      });
    }
    return [...covered, ...open.map((part) => cellOf(part, null))];
  }

  /** Joins new neighbours of one owner; a cell that was removed and added again stays the same object. */
  #settle(draft: Draft): CellChanges {
    for (const cell of draft.added) this.#cells.delete(cell);
    const removed = [...draft.removed];
    const added: Cell[] = [];
    for (const cell of joinByOwner(draft.added)) {
      const index = removed.findIndex(
        (candidate) => isSameRectangle(candidate, cell) && contentOf(candidate) === contentOf(cell),
      );
      const [unchanged] = index < 0 ? [] : removed.splice(index, 1);
      this.#cells.add(unchanged ?? cell);
      if (!unchanged) added.push(cell);
    }
    return { removed, added };
  }
}

// Written out, since spread objects share no hidden class, and there are many cells.
const cellOf = ({ known, valid }: Rectangle, owner: LiveAssertion | null): Cell => ({ known, valid, owner });

const contentOf = (cell: Cell): string | null => cell.owner?.content ?? null;

/** The floor weighs less than any assertion. */
const weightOf = ({ owner }: Cell): string => owner?.assertion.weight ?? '';

const yieldsTo = ({ owner }: Cell, { weight }: DatedAssertion): boolean =>
  owner === null || owner.assertion.weight < weight;

function joinByOwner(cells: Iterable<Cell>): readonly Cell[] {
  const done: Cell[] = [];
  for (let pending = [...cells].sort(inReadingOrder); pending.length > 0;) {
    const [cell, ...others] = pending;
    if (!cell) break;
    const neighbour = others.find((other) => contentOf(other) === contentOf(cell) && joinRectangles(cell, other));
    const whole = neighbour && joinRectangles(cell, neighbour);
    if (!neighbour || !whole) {
      done.push(cell);
      pending = others;
    } else pending = [cellOf(whole, cell.owner), ...others.filter((other) => other !== neighbour)];
  }
  return done;
}

const inReadingOrder = (one: Cell, other: Cell): number =>
  compareNumber(one.known.from, other.known.from) ||
  compareNumber(one.valid.from, other.valid.from) ||
  compareText(contentOf(one) ?? '', contentOf(other) ?? '');

const compareNumber = (one: number, other: number): number => (one < other ? -1 : one > other ? 1 : 0);
