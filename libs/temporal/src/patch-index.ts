import { FOREVER } from '#domain';
import type { Interval } from './coordinate.js';
import { type Rectangle, meets } from './rectangle.js';

/**
 * Disjoint rectangles of known by valid time, found by where they lie.
 *
 * Those that are known for ever lie side by side in valid time, the others end one after the other in known time: so a
 * look-up costs in proportion to what it finds and to what became known since, not to all there is.
 */
export class PatchIndex<Patch extends Rectangle> {
  /** Known for ever, in order of valid time. */
  readonly #lasting: Patch[] = [];
  /** In order of the end of their known time. */
  readonly #past: Patch[] = [];

  *[Symbol.iterator](): Generator<Patch> {
    yield* this.#past;
    yield* this.#lasting;
  }

  add(patch: Patch): void {
    if (patch.known.to === FOREVER) this.#lasting.splice(placeOf(this.#lasting, validFrom, patch.valid.from), 0, patch);
    else this.#past.splice(placeOf(this.#past, knownTo, patch.known.to), 0, patch);
  }

  delete(patch: Patch): void {
    const [patches, place] =
      patch.known.to === FOREVER
        ? [this.#lasting, placeOf(this.#lasting, validFrom, patch.valid.from)]
        : [this.#past, placeOf(this.#past, knownTo, patch.known.to)];
    const index = patches.indexOf(patch, place);
    if (index >= 0) patches.splice(index, 1);
  }

  /** The patches that share a point with an area. */
  meeting(area: Rectangle): readonly Patch[] {
    const meeting: Patch[] = [];
    for (let index = this.#past.length - 1; index >= 0; index -= 1) {
      const patch = this.#past[index];
      if (!patch || patch.known.to <= area.known.from) break;
      if (meets(patch, area)) meeting.push(patch);
    }
    // The one before may reach into the area.
    const first = Math.max(0, placeOf(this.#lasting, validFrom, area.valid.from) - 1);
    for (let index = first; index < this.#lasting.length; index += 1) {
      const patch = this.#lasting[index];
      if (!patch || patch.valid.from >= area.valid.to) break;
      if (meets(patch, area)) meeting.push(patch);
    }
    return meeting;
  }
}

const validFrom = ({ valid }: { readonly valid: Interval }): number => valid.from;
const knownTo = ({ known }: { readonly known: Interval }): number => known.to;

/** The place of the first patch whose bound is at least this. */
function placeOf<Patch>(patches: readonly Patch[], boundOf: (patch: Patch) => number, bound: number): number {
  let low = 0;
  let high = patches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const patch = patches[middle];
    if (patch !== undefined && boundOf(patch) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
