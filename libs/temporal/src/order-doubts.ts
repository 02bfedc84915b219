import { isDeepStrictEqual } from 'node:util';
import { instant } from '#domain';
import { type Interval, intersection, isEmpty, overlaps, without } from './coordinate.js';
import type { DatedAssertion } from './dated-assertion.js';
import { type LiveAssertion, firstAtLeast } from './live-assertions.js';
import { leastKeyAt, tieButForPosition } from './order-key.js';

/**
 * Two assertions of one field that disagree and whose order is not known.
 *
 * `tie`: nothing but their place in the log decides between them. `order-unknown`: the event may have happened before
 * or after the other, which happened at some time within its bounds.
 */
export interface OrderDoubt {
  readonly kind: 'tie' | 'order-unknown';
  readonly field: string;
  readonly known: Interval;
  /** Key of the event in doubt: of a tie the later recorded, which wins; else the one with the vaguer date. */
  readonly event: string;
  /** Key of the other: of several the nearest in order. */
  readonly other: string;
}

/**
 * The doubts about the order of one field's assertions.
 *
 * Each assertion is paired, at each known time, with the nearest of its rivals alone: a thousand events of one day give
 * a thousand doubts, and not half a million.
 */
export class OrderDoubts {
  readonly #doubts = new Map<string, readonly OrderDoubt[]>();
  readonly #vague = new Map<string, DatedAssertion>();

  /** Brings the doubts up to date after a change; answers those that went and those that came. */
  renew(
    live: readonly LiveAssertion[],
    changed: readonly LiveAssertion[],
  ): { readonly gone: readonly OrderDoubt[]; readonly come: readonly OrderDoubt[] } {
    for (const { content, assertion } of changed) if (assertion.isVague) this.#vague.set(content, assertion);
    const affected = new Map(changed.map(({ content, assertion }) => [content, assertion]));
    for (const { assertion } of changed)
      for (const [content, rival] of this.#rivalsOf(assertion, live)) affected.set(content, rival);

    const gone: OrderDoubt[] = [];
    const come: OrderDoubt[] = [];
    for (const [content, assertion] of affected) {
      const before = this.#doubts.get(content) ?? [];
      const pieces = piecesOf(content, assertion, live);
      const after = pieces.flatMap((piece) => [...tiesOf(piece, live), ...unknownOrdersOf(piece, live)]);
      const among = (doubts: readonly OrderDoubt[]) => (doubt: OrderDoubt) =>
        doubts.some((other) => isDeepStrictEqual(doubt, other));
      const kept = before.filter(among(after));
      const opened = after.filter((doubt) => !among(before)(doubt));
      gone.push(...before.filter((doubt) => !kept.includes(doubt)));
      come.push(...opened);
      if (after.length > 0) this.#doubts.set(content, [...kept, ...opened]);
      else this.#doubts.delete(content);
      if (pieces.length === 0) this.#vague.delete(content);
    }
    return { gone, come };
  }

  /** The assertions, by content, that may be paired with this one. */
  #rivalsOf(assertion: DatedAssertion, live: readonly LiveAssertion[]): readonly (readonly [string, DatedAssertion])[] {
    const rivals = [...this.#vague].filter(([, vague]) => leavesOpen(vague, assertion));
    for (let index = firstAtLeast(live, assertion.weight); index < live.length; index += 1) {
      const above = live[index];
      if (!above || !tieButForPosition(above.assertion.weight, assertion.weight)) break;
      if (disagree(above.assertion, assertion)) rivals.push([above.content, above.assertion]);
    }
    return rivals;
  }
}

/** The stretches of known time over which the assertion is live. */
function piecesOf(
  content: string,
  { weight }: DatedAssertion,
  live: readonly LiveAssertion[],
): readonly LiveAssertion[] {
  const pieces: LiveAssertion[] = [];
  for (let index = firstAtLeast(live, weight); live[index]?.assertion.weight === weight; index += 1) {
    const piece = live[index];
    if (piece?.content === content) pieces.push(piece);
  }
  return pieces;
}

/** The nearest weaker assertion first, until all of the known time is taken. */
function tiesOf(piece: LiveAssertion, live: readonly LiveAssertion[]): readonly OrderDoubt[] {
  const { weight } = piece.assertion;
  const pairing = new Pairing(piece, 'tie');
  for (let index = firstAtLeast(live, weight) - 1; index >= 0 && !pairing.isComplete; index -= 1) {
    const below = live[index];
    if (!below || !tieButForPosition(below.assertion.weight, weight)) break;
    if (disagree(below.assertion, piece.assertion)) pairing.add(below);
  }
  return pairing.doubts;
}

/** The first in order within the bounds first. */
function unknownOrdersOf(piece: LiveAssertion, live: readonly LiveAssertion[]): readonly OrderDoubt[] {
  const { assertion } = piece;
  const pairing = new Pairing(piece, 'order-unknown');
  if (!assertion.isVague) return [];
  const beyond = leastKeyAt(instant(assertion.begun.to + 1));
  for (
    let index = firstAtLeast(live, leastKeyAt(assertion.begun.from));
    index < live.length && !pairing.isComplete;
    index += 1
  ) {
    const within = live[index];
    if (!within || within.assertion.weight >= beyond) break;
    if (leavesOpen(assertion, within.assertion)) pairing.add(within);
  }
  return pairing.doubts;
}

/** Pairs one assertion with others, each for what is left of its known time. */
class Pairing {
  readonly doubts: OrderDoubt[] = [];
  #left: readonly Interval[];

  constructor(
    readonly piece: LiveAssertion,
    readonly kind: OrderDoubt['kind'],
  ) {
    this.#left = [piece.known];
  }

  get isComplete(): boolean {
    return this.#left.length === 0;
  }

  add({ assertion: { event }, known }: LiveAssertion): void {
    const { field, event: own } = this.piece.assertion;
    for (const part of this.#left.map((left) => intersection(left, known)).filter((shared) => !isEmpty(shared)))
      this.doubts.push({ kind: this.kind, field, known: part, event: own.key, other: event.key });
    this.#left = this.#left.flatMap((left) => without(left, known));
  }
}

const disagree = (one: DatedAssertion, other: DatedAssertion): boolean =>
  one.event !== other.event && overlaps(one.valid, other.valid) && !isDeepStrictEqual(one.value, other.value);

/** True when the vague one may have begun before or after the other, which began within its bounds; crossed ones are none. */
const leavesOpen = (vague: DatedAssertion, other: DatedAssertion): boolean =>
  other.begun.from <= other.begun.to &&
  vague.begun.from <= other.begun.from &&
  other.begun.to <= vague.begun.to &&
  (vague.begun.from < other.begun.from || other.begun.to < vague.begun.to) &&
  !vague.relatives.includes(other.event.key) &&
  disagree(vague, other);
