import { type Instant, instant } from '#domain';
import { type Rectangle, meets } from '../time/rectangle.js';

/** An area with a weight: the greatest wanted in a search, the least of all cells in a block. */
export interface WeightedArea extends Rectangle {
  readonly weight: string;
}

interface Ordering<Cell> {
  /** The bound by which the cells are ordered. */
  readonly boundOf: (cell: Cell) => number;
  readonly weightOf: (cell: Cell) => string;
}

/** Neighbouring cells of the list, with the area around all of them; undefined if it has to be computed again. */
interface Block<Cell> {
  readonly cells: Cell[];
  around: WeightedArea | undefined;
}

const MOST_IN_BLOCK = 64;

/** A list of cells ordered by one of their bounds, in blocks: a search opens only blocks in which it can find something. */
export class CellList<Cell extends Rectangle> {
  readonly #blocks: Block<Cell>[] = [];

  constructor(private readonly ordering: Ordering<Cell>) {}

  *[Symbol.iterator](): Generator<Cell> {
    for (const { cells } of this.#blocks) yield* cells;
  }

  add(cell: Cell): void {
    const bound = this.ordering.boundOf(cell);
    const blockIndex = Math.min(this.#blockAt(bound), Math.max(0, this.#blocks.length - 1));
    const block = this.#blocks[blockIndex] ?? { cells: [], around: undefined };
    this.#blocks[blockIndex] = block;
    block.cells.splice(
      firstWhere(block.cells, (one) => this.ordering.boundOf(one) >= bound),
      0,
      cell,
    );
    block.around = undefined;
    if (block.cells.length > MOST_IN_BLOCK)
      this.#blocks.splice(blockIndex + 1, 0, { cells: block.cells.splice(MOST_IN_BLOCK / 2), around: undefined });
  }

  delete(cell: Cell): void {
    for (
      let blockIndex = this.#blockAt(this.ordering.boundOf(cell));
      blockIndex < this.#blocks.length;
      blockIndex += 1
    ) {
      const block = this.#blocks[blockIndex];
      const index = block?.cells.indexOf(cell) ?? -1;
      if (!block || index < 0) continue;
      block.cells.splice(index, 1);
      block.around = undefined;
      if (block.cells.length === 0) this.#blocks.splice(blockIndex, 1);
      return;
    }
  }

  /** The cells that overlap an area and weigh at most as much; searches from one block before the bounds to their end. */
  findMeeting(area: WeightedArea, bounds: { readonly from: number; readonly to: number }): readonly Cell[] {
    const found: Cell[] = [];
    const { boundOf, weightOf } = this.ordering;
    for (
      let blockIndex = Math.max(0, this.#blockAt(bounds.from) - 1);
      blockIndex < this.#blocks.length;
      blockIndex += 1
    ) {
      const block = this.#blocks[blockIndex];
      const [first] = block?.cells ?? [];
      if (!block || !first || boundOf(first) >= bounds.to) break;
      const around = (block.around ??= surround(block.cells, weightOf));
      if (around.weight > area.weight || !meets(around, area)) continue;
      for (const cell of block.cells) if (weightOf(cell) <= area.weight && meets(cell, area)) found.push(cell);
    }
    return found;
  }

  /** The index of the first block that contains a bound of at least this value. */
  #blockAt(bound: number): number {
    return firstWhere(this.#blocks, ({ cells }) => {
      const last = cells.at(-1);
      return last !== undefined && this.ordering.boundOf(last) >= bound;
    });
  }
}

function surround<Cell extends Rectangle>(cells: readonly Cell[], weightOf: (cell: Cell) => string): WeightedArea {
  const least = (bound: (cell: Cell) => Instant): Instant => instant(Math.min(...cells.map(bound)));
  const most = (bound: (cell: Cell) => Instant): Instant => instant(Math.max(...cells.map(bound)));
  return {
    known: { from: least(({ known }) => known.from), to: most(({ known }) => known.to) },
    valid: { from: least(({ valid }) => valid.from), to: most(({ valid }) => valid.to) },
    weight: cells.map(weightOf).reduce((one, other) => (one < other ? one : other)),
  };
}

/** The index of the first item for which a condition holds that holds for all items after it. */
function firstWhere<Item>(items: readonly Item[], isTrue: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && !isTrue(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
