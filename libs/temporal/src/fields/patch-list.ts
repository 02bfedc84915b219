import { type Instant, instant } from '#domain';
import { type Rectangle, meets } from '../time/rectangle.js';

/** An area, and what a patch weighs in it: of a look-up the most, of a block of patches the least. */
export interface Weighed extends Rectangle {
  readonly weight: string;
}

interface Ordering<Patch> {
  /** By which the patches are in order. */
  readonly boundOf: (patch: Patch) => number;
  readonly weightOf: (patch: Patch) => string;
}

/** Neighbours in the list, with what all of them lie within; undefined where that has to be found again. */
interface Block<Patch> {
  readonly patches: Patch[];
  around: Weighed | undefined;
}

const MOST_IN_BLOCK = 64;

/** Patches in order of one of their bounds, in blocks: a look-up opens those alone in which it can find something. */
export class PatchList<Patch extends Rectangle> {
  readonly #blocks: Block<Patch>[] = [];

  constructor(private readonly ordering: Ordering<Patch>) {}

  *[Symbol.iterator](): Generator<Patch> {
    for (const { patches } of this.#blocks) yield* patches;
  }

  add(patch: Patch): void {
    const bound = this.ordering.boundOf(patch);
    const place = Math.min(this.#blockAt(bound), Math.max(0, this.#blocks.length - 1));
    const block = this.#blocks[place] ?? { patches: [], around: undefined };
    this.#blocks[place] = block;
    block.patches.splice(
      firstWhere(block.patches, (one) => this.ordering.boundOf(one) >= bound),
      0,
      patch,
    );
    block.around = undefined;
    if (block.patches.length > MOST_IN_BLOCK)
      this.#blocks.splice(place + 1, 0, { patches: block.patches.splice(MOST_IN_BLOCK / 2), around: undefined });
  }

  delete(patch: Patch): void {
    for (let place = this.#blockAt(this.ordering.boundOf(patch)); place < this.#blocks.length; place += 1) {
      const block = this.#blocks[place];
      const index = block?.patches.indexOf(patch) ?? -1;
      if (!block || index < 0) continue;
      block.patches.splice(index, 1);
      block.around = undefined;
      if (block.patches.length === 0) this.#blocks.splice(place, 1);
      return;
    }
  }

  /** Those that share a point with an area and weigh at most as much; looks from one before the bounds to their end. */
  meeting(area: Weighed, bounds: { readonly from: number; readonly to: number }): readonly Patch[] {
    const found: Patch[] = [];
    const { boundOf, weightOf } = this.ordering;
    for (let place = Math.max(0, this.#blockAt(bounds.from) - 1); place < this.#blocks.length; place += 1) {
      const block = this.#blocks[place];
      const [first] = block?.patches ?? [];
      if (!block || !first || boundOf(first) >= bounds.to) break;
      const around = (block.around ??= aroundAll(block.patches, weightOf));
      if (around.weight > area.weight || !meets(around, area)) continue;
      for (const patch of block.patches) if (weightOf(patch) <= area.weight && meets(patch, area)) found.push(patch);
    }
    return found;
  }

  /** The place of the first block that holds a bound of at least so much. */
  #blockAt(bound: number): number {
    return firstWhere(this.#blocks, ({ patches }) => {
      const last = patches.at(-1);
      return last !== undefined && this.ordering.boundOf(last) >= bound;
    });
  }
}

function aroundAll<Patch extends Rectangle>(patches: readonly Patch[], weightOf: (patch: Patch) => string): Weighed {
  const least = (bound: (patch: Patch) => Instant): Instant => instant(Math.min(...patches.map(bound)));
  const most = (bound: (patch: Patch) => Instant): Instant => instant(Math.max(...patches.map(bound)));
  return {
    known: { from: least(({ known }) => known.from), to: most(({ known }) => known.to) },
    valid: { from: least(({ valid }) => valid.from), to: most(({ valid }) => valid.to) },
    weight: patches.map(weightOf).reduce((one, other) => (one < other ? one : other)),
  };
}

/** The place of the first of which something is true that is true of all after it. */
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
