import { FOREVER } from '#domain';
import { CellList, type WeightedArea } from './cell-list.js';
import type { Rectangle } from '../time/rectangle.js';

/**
 * An index of disjoint rectangles of known by valid time, searched by area and weight.
 *
 * Those that are known for ever are ordered by valid time, the others by the end of their known time. An event published
 * late overlaps nearly all of them and is stronger than few, so blocks in which all weigh more are skipped.
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

  /** The cells that overlap an area and weigh at most as much as it. */
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
