import { FOREVER } from '#domain';
import { PatchList, type Weighed } from './patch-list.js';
import type { Rectangle } from '../time/rectangle.js';

/**
 * Disjoint rectangles of known by valid time, found by where they lie and by how much they weigh.
 *
 * Those that are known for ever lie side by side in valid time, the others end one after the other in known time. What
 * is told late meets nearly all of them and is stronger than few: so blocks in which all weigh more are passed over.
 */
export class PatchIndex<Patch extends Rectangle> {
  /** Known for ever, in order of valid time. */
  readonly #lasting: PatchList<Patch>;
  /** In order of the end of their known time. */
  readonly #past: PatchList<Patch>;

  constructor(weightOf: (patch: Patch) => string) {
    this.#lasting = new PatchList({ boundOf: ({ valid }) => valid.from, weightOf });
    this.#past = new PatchList({ boundOf: ({ known }) => known.to, weightOf });
  }

  *[Symbol.iterator](): Generator<Patch> {
    yield* this.#past;
    yield* this.#lasting;
  }

  add(patch: Patch): void {
    this.#listOf(patch).add(patch);
  }

  delete(patch: Patch): void {
    this.#listOf(patch).delete(patch);
  }

  /** The patches that share a point with an area and weigh at most so much. */
  meeting(area: Weighed): readonly Patch[] {
    return [
      ...this.#past.meeting(area, { from: area.known.from, to: Infinity }),
      ...this.#lasting.meeting(area, area.valid),
    ];
  }

  #listOf({ known }: Patch): PatchList<Patch> {
    return known.to === FOREVER ? this.#lasting : this.#past;
  }
}
