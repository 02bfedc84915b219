import { BEGINNING, FOREVER } from '#domain';
import { type Interval, isEmpty, overlaps, without } from './coordinate.js';
import { type AssertedValue, type DatedAssertion, compareText } from './dated-assertion.js';
import { tieButForPosition } from './order-key.js';
import { type Rectangle, joined, meets, overlapOf, remnantsOf, sameRectangle } from './rectangle.js';
import { PatchIndex } from './patch-index.js';

/** An assertion over one stretch of known time in which it stands unchanged. */
export interface LiveAssertion {
  readonly assertion: DatedAssertion;
  /** Equal for assertions that say the same of the same field, for the same event and time. */
  readonly content: string;
  readonly known: Interval;
}

/** A rectangle in which one assertion wins, or none (the floor). */
export interface Patch extends Rectangle {
  readonly owner: LiveAssertion | null;
}

/** Two assertions that nothing but their place in the log decides between, and that disagree. */
export interface Tie {
  readonly field: string;
  readonly known: Interval;
  /** Keys of the two events; the second is the later recorded, and wins. */
  readonly events: readonly [string, string];
  readonly values: readonly [AssertedValue, AssertedValue];
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
  readonly #patches = new PatchIndex<Patch>();
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

  /** The ties of the assertions of these weights with each other and with others that weigh the same in all but position. */
  tiesWith(weights: readonly string[]): readonly Tie[] {
    const asked = new Set(weights);
    const starts = new Set(weights.map((weight) => this.#firstTying(weight)));
    return [...starts].flatMap((start) => tiesAmong(this.#tyingFrom(start), asked));
  }

  #takeOut(removed: LiveAssertion): void {
    for (let index = this.#indexOf(removed.assertion.weight); index < this.#live.length;) {
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
    this.#live.splice(this.#indexOf(added.assertion.weight), 0, added);
  }

  /** The place of the first live assertion that weighs at least as much. */
  #indexOf(weight: string): number {
    let low = 0;
    let high = this.#live.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#live[middle]?.assertion.weight ?? '') < weight) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #claim(claimant: LiveAssertion, draft: Draft): void {
    const { assertion, known } = claimant;
    const claim: Rectangle = { known, valid: assertion.valid };
    for (const patch of this.#meeting(claim, (candidate) => yieldsTo(candidate, assertion))) {
      const hole = overlapOf(patch, claim);
      this.#replace(patch, { hole, parts: [patchOf(hole, claimant)] }, draft);
    }
  }

  #release(removed: LiveAssertion, draft: Draft): void {
    const area: Rectangle = { known: removed.known, valid: removed.assertion.valid };
    for (const patch of this.#meeting(area, ({ owner }) => owner?.content === removed.content)) {
      const hole = overlapOf(patch, area);
      this.#replace(patch, { hole, parts: this.#covered(hole, removed.assertion.weight) }, draft);
    }
  }

  #meeting(area: Rectangle, concerns: (patch: Patch) => boolean): readonly Patch[] {
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
    let index = this.#indexOf(weight);
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

  #firstTying(weight: string): number {
    let index = this.#indexOf(weight);
    while (index > 0 && tieButForPosition(this.#live[index - 1]?.assertion.weight ?? '', weight)) index -= 1;
    return index;
  }

  #tyingFrom(start: number): readonly LiveAssertion[] {
    const first = this.#live[start];
    const tying: LiveAssertion[] = [];
    for (let index = start; first && index < this.#live.length; index += 1) {
      const live = this.#live[index];
      if (!live || !tieButForPosition(live.assertion.weight, first.assertion.weight)) break;
      tying.push(live);
    }
    return tying;
  }
}

// Written out, since objects that are spread share no shape, and there are many patches.
const patchOf = ({ known, valid }: Rectangle, owner: LiveAssertion | null): Patch => ({ known, valid, owner });

const contentOf = (patch: Patch): string | null => patch.owner?.content ?? null;

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

/** In the order of the weaker ones. Only what was asked for is paired: of a thousand that tie there are half a million pairs. */
function tiesAmong(tying: readonly LiveAssertion[], asked: ReadonlySet<string>): readonly Tie[] {
  const areAsked = tying.map(({ assertion }) => asked.has(assertion.weight));
  const askedOnes = tying.filter((_, index) => areAsked[index]);
  const ties: Tie[] = [];
  for (const [index, weaker] of tying.entries()) {
    const others = areAsked[index] ? tying.slice(index + 1) : askedOnes;
    for (const stronger of others)
      if (stronger.assertion.weight > weaker.assertion.weight) ties.push(...tieOf(weaker, stronger));
  }
  return ties;
}

function tieOf(weaker: LiveAssertion, stronger: LiveAssertion): readonly Tie[] {
  const [one, other] = [weaker.assertion, stronger.assertion];
  const disagree = JSON.stringify(one.value) !== JSON.stringify(other.value);
  if (
    one.event === other.event ||
    !disagree ||
    !overlaps(weaker.known, stronger.known) ||
    !overlaps(one.valid, other.valid)
  )
    return [];
  return [
    {
      field: one.field,
      known: { from: maxOf(weaker.known.from, stronger.known.from), to: minOf(weaker.known.to, stronger.known.to) },
      events: [one.event.key, other.event.key],
      values: [one.value, other.value],
    },
  ];
}

const maxOf = <Number extends number>(one: Number, other: Number): Number => (one > other ? one : other);
const minOf = <Number extends number>(one: Number, other: Number): Number => (one < other ? one : other);
