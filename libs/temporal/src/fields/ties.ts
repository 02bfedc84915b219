import type { DatedAssertion } from '../events/dated-assertion.js';
import { type LiveAssertion, firstAtLeast } from './live-assertions.js';
import { tieButForPosition } from '../events/order-key.js';
import { type DoubtChange, Doubts, type OrderDoubt, Pairing, disagree } from './pairing.js';

/** The ties of one field's assertions: each is paired, at each known time, with a weaker one that disagrees. */
export class Ties {
  readonly #doubts = new Doubts();
  readonly #tied = new Map<string, DatedAssertion>();

  /** Updates the ties; takes the live assertions ordered by weight, weakest first, and those that changed. */
  *renew(
    live: readonly LiveAssertion[],
    removed: readonly LiveAssertion[],
    added: readonly LiveAssertion[],
  ): Iterable<DoubtChange> {
    const removedKeys = new Set(removed.map(({ assertion }) => assertion.event.key));
    const holding = new Map<string, readonly OrderDoubt[]>();
    for (const content of this.#doubts.pairedWith(removedKeys))
      holding.set(
        content,
        this.#doubts.of(content).filter(({ other }) => !removedKeys.has(other)),
      );
    for (const { content, assertion } of [...removed, ...added]) {
      holding.set(content, []);
      this.#tied.set(content, assertion);
    }
    for (const [content, doubts] of holding) yield this.#pairAgain(content, doubts, live);
    for (const one of added) yield* this.#openTo(one, live);
  }

  /** Keeps the doubts that hold, and pairs the rest of the known time, with the nearest weaker assertion first. */
  #pairAgain(content: string, holding: readonly OrderDoubt[], live: readonly LiveAssertion[]): DoubtChange {
    const assertion = this.#tied.get(content);
    const pieces = assertion ? piecesOf(content, assertion, live) : [];
    const found = pieces.flatMap((piece) => {
      const pairing = pairingOf(piece, holding);
      for (const below of weakerTies(piece, live)) {
        if (pairing.isComplete) break;
        if (disagree(below.assertion, piece.assertion)) pairing.add(below.assertion.event.key, [below.known]);
      }
      return pairing.found;
    });
    const change = this.#doubts.replace(content, [...holding, ...found]);
    if (this.#doubts.of(content).length === 0) this.#tied.delete(content);
    return change;
  }

  /** Pairs stronger assertions with a new one, for the known time in which they had no rival. */
  *#openTo(added: LiveAssertion, live: readonly LiveAssertion[]): Iterable<DoubtChange> {
    for (const above of strongerTies(added, live)) {
      if (!disagree(above.assertion, added.assertion)) continue;
      const holding = this.#doubts.of(above.content);
      const pairing = pairingOf(above, holding);
      pairing.add(added.assertion.event.key, [added.known]);
      if (pairing.found.length === 0) continue;
      this.#tied.set(above.content, above.assertion);
      yield this.#doubts.replace(above.content, [...holding, ...pairing.found]);
    }
  }
}

const pairingOf = ({ assertion: { field, event }, known }: LiveAssertion, holding: readonly OrderDoubt[]): Pairing =>
  new Pairing({ kind: 'tie', field, event: event.key }, [known], holding);

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

/** The weaker assertions that tie with one, nearest first. */
function* weakerTies(
  { assertion: { weight } }: LiveAssertion,
  live: readonly LiveAssertion[],
): Iterable<LiveAssertion> {
  for (let index = firstAtLeast(live, weight) - 1; index >= 0; index -= 1) {
    const below = live[index];
    if (!below || !tieButForPosition(below.assertion.weight, weight)) return;
    yield below;
  }
}

/** The stronger assertions that tie with one, nearest first. */
function* strongerTies(
  { assertion: { weight } }: LiveAssertion,
  live: readonly LiveAssertion[],
): Iterable<LiveAssertion> {
  for (let index = firstAtLeast(live, weight); index < live.length; index += 1) {
    const above = live[index];
    if (!above || !tieButForPosition(above.assertion.weight, weight)) return;
    if (above.assertion.weight !== weight) yield above;
  }
}
