import { FOREVER } from '#domain';
import { CellList, type WeightedArea } from './cell-list.js';
import type { Rectangle } from '../time/rectangle.js';

/**
 * Disjoint rectangles of known by valid time, found by where they lie and by how much they weigh.
 *
 * Those that are known for ever lie side by side in valid time, the others end one after the other in known time. What
 * is told late meets nearly all of them and is stronger than few: so blocks in which all weigh more are passed over.
 */
export class CellIndex<Cell extends Rectangle> {
  /** Known for ever, in order of valid time. */
  readonly #lasting: CellList<Cell>;
  /** In order of the end of their known time. */
  readonly #past: CellList<Cell>;

  constructor(weightOf: (cell: Cell) => string) {
    this.#lasting = new CellList({ boundOf: ({ valid }) => valid.from, weightOf });
    this.#past = new CellList({ boundOf: ({ known }) => known.to, weightOf });
  }

  *[Symbol.iterator](): Generator<Cell> {
    yield* this.#past;
    yield* this.#lasting;
  }

  add(cell: Cell): void {
    this.#listOf(cell).add(cell);
  }

  delete(cell: Cell): void {
    this.#listOf(cell).delete(cell);
  }

  /** The cells that share a point with an area and weigh at most so much. */
  findMeeting(area: WeightedArea): readonly Cell[] {
    return [
      ...this.#past.findMeeting(area, { from: area.known.from, to: Infinity }),
      ...this.#lasting.findMeeting(area, area.valid),
    ];
  }

  #listOf({ known }: Cell): CellList<Cell> {
    return known.to === FOREVER ? this.#lasting : this.#past;
  }
}
