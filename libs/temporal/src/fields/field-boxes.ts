import { BEGINNING, FOREVER } from '#domain';
import { isEmpty, overlaps, without } from '../time/coordinate.js';
import { type DatedAssertion, compareText } from '../events/dated-assertion.js';
import { type LiveAssertion, firstAtLeast } from './live-assertions.js';
import { type Rectangle, joined, meets, overlapOf, remnantsOf, sameRectangle } from '../time/rectangle.js';
import { PatchIndex } from './patch-index.js';
import type { Weighed } from './patch-list.js';

/** A rectangle in which one assertion wins, or none (the floor). */
export interface Patch extends Rectangle {
  readonly owner: LiveAssertion | null;
}

/** What changed in one field: patches that no longer stand and patches that now do. */
export interface FieldChange {
  readonly gone: readonly Patch[];
  /** In order of known time, then valid time. */
  readonly come: readonly Patch[];
}

interface Draft {
  readonly gone: Set<Patch>;
  readonly come: Set<Patch>;
}

const EVERYWHERE: Patch = {
  owner: null,
  known: { from: BEGINNING, to: FOREVER },
  valid: { from: BEGINNING, to: FOREVER },
};

/**
 * One field of one policy as disjoint rectangles of known by valid time, for the newest position.
 *
 * Guarantee: every point lies in exactly one patch, and that patch's owner is the strongest live assertion there, or
 * null when none is. A change costs in proportion to the patches that it touches.
 */
export class FieldBoxes {
  readonly #patches = new PatchIndex<Patch>(weightOf);
  /** Ordered by weight, weakest first. */
  readonly #live: LiveAssertion[] = [];

  constructor() {
    this.#patches.add(EVERYWHERE);
  }

  get patches(): Iterable<Patch> {
    return this.#patches;
  }

  get live(): readonly LiveAssertion[] {
    return this.#live;
  }

  /** Takes out and puts in live assertions and settles who owns what. */
  change(removed: readonly LiveAssertion[], added: readonly LiveAssertion[]): FieldChange {
    for (const assertion of removed) this.#takeOut(assertion);
    for (const assertion of added) this.#putIn(assertion);
    const draft: Draft = { gone: new Set(), come: new Set() };
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
        ? without(live.known, removed.known).map((known) => ({
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
    const claim: Weighed = { known, valid: assertion.valid, weight: assertion.weight };
    for (const patch of this.#meeting(claim, (candidate) => yieldsTo(candidate, assertion))) {
      const hole = overlapOf(patch, claim);
      this.#replace(patch, { hole, parts: [patchOf(hole, claimant)] }, draft);
    }
  }

  #release(removed: LiveAssertion, draft: Draft): void {
    const { valid, weight } = removed.assertion;
    const area: Weighed = { known: removed.known, valid, weight };
    for (const patch of this.#meeting(area, ({ owner }) => owner?.content === removed.content)) {
      const hole = overlapOf(patch, area);
      this.#replace(patch, { hole, parts: this.#covered(hole, weight) }, draft);
    }
  }

  #meeting(area: Weighed, concerns: (patch: Patch) => boolean): readonly Patch[] {
    return isEmpty(area.valid) ? [] : this.#patches.meeting(area).filter(concerns);
  }

  #replace(patch: Patch, { hole, parts }: { hole: Rectangle; parts: readonly Patch[] }, draft: Draft): void {
    this.#patches.delete(patch);
    if (!draft.come.delete(patch)) draft.gone.add(patch);
    for (const remnant of remnantsOf(patch, hole)) this.#come(patchOf(remnant, patch.owner), draft);
    for (const part of parts) this.#come(part, draft);
  }

  #come(patch: Patch, draft: Draft): void {
    this.#patches.add(patch);
    draft.come.add(patch);
  }

  /** Covers an area by the strongest live assertions at most as strong as `weight`; where none is, by floor. */
  #covered(area: Rectangle, weight: string): readonly Patch[] {
    const covered: Patch[] = [];
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
        covered.push(patchOf(overlap, owner));
        return remnantsOf(part, overlap);
      });
    }
    return [...covered, ...open.map((part) => patchOf(part, null))];
  }

  /** Joins new neighbours of one owner, and lets a patch that went and came again stay as it was. */
  #settle(draft: Draft): FieldChange {
    for (const patch of draft.come) this.#patches.delete(patch);
    const gone = [...draft.gone];
    const come: Patch[] = [];
    for (const patch of joinedByOwner(draft.come)) {
      const index = gone.findIndex(
        (candidate) => sameRectangle(candidate, patch) && contentOf(candidate) === contentOf(patch),
      );
      const [unchanged] = index < 0 ? [] : gone.splice(index, 1);
      this.#patches.add(unchanged ?? patch);
      if (!unchanged) come.push(patch);
    }
    return { gone, come };
  }
}

// Written out, since objects that are spread share no shape, and there are many patches.
const patchOf = ({ known, valid }: Rectangle, owner: LiveAssertion | null): Patch => ({ known, valid, owner });

const contentOf = (patch: Patch): string | null => patch.owner?.content ?? null;

/** The floor weighs less than anything. */
const weightOf = ({ owner }: Patch): string => owner?.assertion.weight ?? '';

const yieldsTo = ({ owner }: Patch, { weight }: DatedAssertion): boolean =>
  owner === null || owner.assertion.weight < weight;

function joinedByOwner(patches: Iterable<Patch>): readonly Patch[] {
  const done: Patch[] = [];
  for (let pending = [...patches].sort(inReadingOrder); pending.length > 0;) {
    const [patch, ...others] = pending;
    if (!patch) break;
    const neighbour = others.find((other) => contentOf(other) === contentOf(patch) && joined(patch, other));
    const whole = neighbour && joined(patch, neighbour);
    if (!neighbour || !whole) {
      done.push(patch);
      pending = others;
    } else pending = [patchOf(whole, patch.owner), ...others.filter((other) => other !== neighbour)];
  }
  return done;
}

const inReadingOrder = (one: Patch, other: Patch): number =>
  compareNumber(one.known.from, other.known.from) ||
  compareNumber(one.valid.from, other.valid.from) ||
  compareText(contentOf(one) ?? '', contentOf(other) ?? '');

const compareNumber = (one: number, other: number): number => (one < other ? -1 : one > other ? 1 : 0);
