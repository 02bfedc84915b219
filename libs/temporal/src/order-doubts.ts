import { isDeepStrictEqual } from 'node:util';
import { instant } from '#domain';
import { type Interval, intersection, isEmpty, overlaps } from './coordinate.js';
import type { AssertedValue, DatedAssertion } from './dated-assertion.js';
import { type LiveAssertion, firstAtLeast } from './live-assertions.js';
import { leastKeyAt, tieButForPosition } from './order-key.js';
import { outside } from './rectangle.js';

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
  /** Key of the other: one of several. */
  readonly other: string;
}

/** The events whose order with another is known by links, each with the known times over which it is. */
export interface Relations {
  relativesOf(key: string): ReadonlyMap<string, readonly Interval[]>;
}

/** What came to be asserted of a field, what no longer is, and which events may have come to have other relatives. */
export interface DoubtfulChange {
  readonly removed: readonly LiveAssertion[];
  readonly added: readonly LiveAssertion[];
  readonly relinked: ReadonlySet<string>;
}

interface Doubted {
  readonly assertion: DatedAssertion;
  readonly doubts: readonly OrderDoubt[];
}

/**
 * The doubts about the order of one field's assertions.
 *
 * Each assertion is paired, at each known time, with one of its rivals alone, and stays with it as long as it is one: a
 * thousand events of one day give a thousand doubts, and not half a million, and one more event ends none of them.
 */
export class OrderDoubts {
  readonly #doubted = new Map<string, Doubted>();
  /** By the key of the other event: contents of the assertions that were paired with it. */
  readonly #paired = new Map<string, Set<string>>();
  readonly #vague = new Map<string, DatedAssertion>();

  constructor(private readonly relations: Relations) {}

  /** Brings the doubts up to date after a change; answers those that went and those that came. */
  renew(
    live: readonly LiveAssertion[],
    change: DoubtfulChange,
  ): { readonly gone: readonly OrderDoubt[]; readonly come: readonly OrderDoubt[] } {
    const changed = [...change.removed, ...change.added];
    for (const { content, assertion } of changed) if (assertion.isVague) this.#vague.set(content, assertion);
    const rivalry: Rivalry = { live, relativesOf: remembered((key) => this.relations.relativesOf(key)) };
    const anew = this.#toPairAnew(change);
    const replaced = [...anew].map(([content, { assertion, doubts }]) => {
      const pieces = piecesOf(content, assertion, live);
      if (pieces.length === 0) this.#vague.delete(content);
      return this.#replace(content, { assertion, doubts: pairedAgain(pieces, doubts, rivalry) });
    });
    for (const added of change.added)
      for (const [content, { assertion, doubts }] of this.#openedTo(added, rivalry))
        if (!anew.has(content)) replaced.push(this.#replace(content, { assertion, doubts }));
    return { gone: replaced.flatMap(({ gone }) => gone), come: replaced.flatMap(({ come }) => come) };
  }

  /** The assertions, by content, whose pairs may no longer hold; with those that do. */
  #toPairAnew({ removed, added, relinked }: DoubtfulChange): ReadonlyMap<string, Doubted> {
    const anew = new Map<string, Doubted>();
    const gone = new Set(removed.map(({ assertion }) => assertion.event.key));
    for (const content of [...gone].flatMap((key) => [...(this.#paired.get(key) ?? [])])) {
      const doubted = this.#doubted.get(content);
      if (doubted) anew.set(content, { ...doubted, doubts: doubted.doubts.filter(({ other }) => !gone.has(other)) });
    }
    for (const [content, assertion] of this.#vague)
      if (relinked.has(assertion.event.key)) anew.set(content, { assertion, doubts: [] });
    for (const { content, assertion } of [...removed, ...added]) anew.set(content, { assertion, doubts: [] });
    return anew;
  }

  /** The assertions, by content, that one more leaves open at a known time at which none did; with their doubts then. */
  *#openedTo(added: LiveAssertion, { live, relativesOf }: Rivalry): Iterable<readonly [string, Doubted]> {
    for (const [content, kind, assertion] of this.#rivalsOf(added, live)) {
      const doubts = (this.#doubted.get(content)?.doubts ?? []).filter((doubt) => doubt.kind === kind);
      if (doubts.some(({ known }) => known.from <= added.known.from && added.known.to <= known.to)) continue;
      const related = kind === 'tie' ? [] : relativesOf(assertion.event.key).get(added.assertion.event.key);
      const found = piecesOf(content, assertion, live).flatMap((piece) => {
        const pairing = new Pairing(piece, kind, doubts);
        pairing.add(added, related);
        return pairing.found;
      });
      if (found.length > 0) yield [content, { assertion, doubts: [...this.#doubtsOf(content), ...found] }];
    }
  }

  *#rivalsOf(
    { assertion }: LiveAssertion,
    live: readonly LiveAssertion[],
  ): Iterable<readonly [string, OrderDoubt['kind'], DatedAssertion]> {
    for (const [content, vague] of this.#vague)
      if (leavesOpen(vague, assertion)) yield [content, 'order-unknown', vague];
    for (let index = firstAtLeast(live, assertion.weight); index < live.length; index += 1) {
      const above = live[index];
      if (!above || !tieButForPosition(above.assertion.weight, assertion.weight)) return;
      if (disagree(above.assertion, assertion)) yield [above.content, 'tie', above.assertion];
    }
  }

  #doubtsOf(content: string): readonly OrderDoubt[] {
    return this.#doubted.get(content)?.doubts ?? [];
  }

  #replace(content: string, doubted: Doubted): { gone: readonly OrderDoubt[]; come: readonly OrderDoubt[] } {
    const before = this.#doubtsOf(content);
    const after = doubted.doubts.map((doubt) => before.find((known) => isDeepStrictEqual(known, doubt)) ?? doubt);
    if (after.length > 0) this.#doubted.set(content, { assertion: doubted.assertion, doubts: after });
    else this.#doubted.delete(content);
    const gone = before.filter((doubt) => !after.includes(doubt));
    const come = after.filter((doubt) => !before.includes(doubt));
    for (const { other } of gone)
      if (!after.some((doubt) => doubt.other === other)) this.#paired.get(other)?.delete(content);
    for (const { other } of come) this.#paired.set(other, (this.#paired.get(other) ?? new Set()).add(content));
    return { gone, come };
  }
}

/** What decides who is paired with whom. */
interface Rivalry {
  /** Ordered by weight, weakest first. */
  readonly live: readonly LiveAssertion[];
  readonly relativesOf: Relations['relativesOf'];
}

function remembered<Value>(find: (key: string) => Value): (key: string) => Value {
  const found = new Map<string, Value>();
  return (key) => {
    const value = found.get(key) ?? find(key);
    found.set(key, value);
    return value;
  };
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

/** The doubts of an assertion: those that hold, and for all of its other known time such as can be found. */
const pairedAgain = (
  pieces: readonly LiveAssertion[],
  holding: readonly OrderDoubt[],
  rivalry: Rivalry,
): readonly OrderDoubt[] => [
  ...holding,
  ...pieces.flatMap((piece) => [...tiesOf(piece, holding, rivalry), ...unknownOrdersOf(piece, holding, rivalry)]),
];

/** The nearest weaker assertion first, until all of the known time is taken. */
function tiesOf(piece: LiveAssertion, holding: readonly OrderDoubt[], { live }: Rivalry): readonly OrderDoubt[] {
  const { weight } = piece.assertion;
  const pairing = new Pairing(piece, 'tie', holding);
  for (let index = firstAtLeast(live, weight) - 1; index >= 0 && !pairing.isComplete; index -= 1) {
    const below = live[index];
    if (!below || !tieButForPosition(below.assertion.weight, weight)) break;
    if (disagree(below.assertion, piece.assertion)) pairing.add(below);
  }
  return pairing.found;
}

/** The first in order within the bounds first. */
function unknownOrdersOf(
  piece: LiveAssertion,
  holding: readonly OrderDoubt[],
  { live, relativesOf }: Rivalry,
): readonly OrderDoubt[] {
  const { assertion } = piece;
  const pairing = new Pairing(piece, 'order-unknown', holding);
  if (!assertion.isVague) return [];
  const beyond = leastKeyAt(instant(assertion.begun.to + 1));
  for (
    let index = firstAtLeast(live, leastKeyAt(assertion.begun.from));
    index < live.length && !pairing.isComplete;
    index += 1
  ) {
    const within = live[index];
    if (!within || within.assertion.weight >= beyond) break;
    if (pairing.canAdd(within) && leavesOpen(assertion, within.assertion))
      pairing.add(within, relativesOf(assertion.event.key).get(within.assertion.event.key));
  }
  return pairing.found;
}

/** Pairs one assertion with others, each for what is left of its known time. */
class Pairing {
  readonly found: OrderDoubt[] = [];
  #left: readonly Interval[];

  /** Of the doubts that hold those of the kind take their known time. */
  constructor(
    readonly piece: LiveAssertion,
    readonly kind: OrderDoubt['kind'],
    holding: readonly OrderDoubt[],
  ) {
    const taken = holding.filter((doubt) => doubt.kind === kind).map(({ known }) => known);
    this.#left = outside([piece.known], taken);
  }

  get isComplete(): boolean {
    return this.#left.length === 0;
  }

  canAdd({ known }: LiveAssertion): boolean {
    return this.#left.some((left) => overlaps(left, known));
  }

  /** Pairs it with another, but for the known times over which the order of the two is known. */
  add({ assertion: { event }, known }: LiveAssertion, related: readonly Interval[] = []): void {
    const { field, event: own } = this.piece.assertion;
    const open = outside([known], related);
    for (const left of this.#left)
      for (const part of open.map((one) => intersection(left, one)).filter((shared) => !isEmpty(shared)))
        this.found.push({ kind: this.kind, field, known: part, event: own.key, other: event.key });
    this.#left = outside(this.#left, open);
  }
}

const disagree = (one: DatedAssertion, other: DatedAssertion): boolean =>
  one.event !== other.event && overlaps(one.valid, other.valid) && !isSameValue(one.value, other.value);

const isSameValue = (one: AssertedValue, other: AssertedValue): boolean =>
  one === other || isDeepStrictEqual(one, other);

/** True when the vague one may have begun before or after the other, which began within its bounds; crossed ones are none. */
const leavesOpen = (vague: DatedAssertion, other: DatedAssertion): boolean =>
  other.begun.from <= other.begun.to &&
  vague.begun.from <= other.begun.from &&
  other.begun.to <= vague.begun.to &&
  (vague.begun.from < other.begun.from || other.begun.to < vague.begun.to) &&
  disagree(vague, other);
