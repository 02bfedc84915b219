import { type Interval, union } from '../time/coordinate.js';
import type { DatedAssertion } from '../events/dated-assertion.js';
import type { LiveAssertion } from './live-assertions.js';
import { type DoubtChange, Doubts, type OrderDoubt, Pairing, disagree } from './pairing.js';
import { subtractAll } from '../time/rectangle.js';

/** Looks up the events whose order relative to another is known by links, with the known times at which it is. */
export interface Relations {
  relativesOf(key: string): ReadonlyMap<string, readonly Interval[]>;
}

/** The assertions that a change added to a field and removed from it, and the events whose relatives may have changed. */
export interface AssertionChange {
  readonly removed: readonly LiveAssertion[];
  readonly added: readonly LiveAssertion[];
  /** Keys of the events whose order relative to others may have changed with the links. */
  readonly relinked: ReadonlySet<string>;
}

/** An assertion, whatever its strength, with all of the known time in which it is live. */
interface Claim {
  readonly name: string;
  readonly assertion: DatedAssertion;
  readonly known: readonly Interval[];
}

/** Claims that began within the same bounds, by name. */
interface Contemporaries {
  /** Order of creation among all groups. */
  readonly place: number;
  readonly begun: Interval;
  readonly claims: Map<string, Claim>;
  /** The claims of vague assertions. */
  readonly vague: Map<string, Claim>;
}

/**
 * Pairs assertions of one field that may have begun before or after another; each has one partner at each known time.
 *
 * Strength is irrelevant here: a change of strength alone changes no pair.
 */
export class UnknownOrders {
  readonly #doubts = new Doubts();
  readonly #claims = new Map<string, Claim>();
  readonly #contemporaries = new Map<string, Contemporaries>();
  /** The groups that contain vague claims: most fields have none. */
  readonly #vague = new Set<Contemporaries>();
  #places = 0;

  constructor(private readonly relations: Relations) {}

  *renew(change: AssertionChange): Iterable<DoubtChange> {
    const relativesOf = memoise((key) => this.relations.relativesOf(key));
    const { lost, gained } = this.#renewClaims(change);
    const holding = this.#doubtsToKeep(lost, gained);
    for (const name of this.#relinkedClaims(change.relinked)) holding.set(name, []);
    for (const [name, doubts] of holding) yield this.#pairAgain(name, doubts, relativesOf);
    for (const claim of gained) yield* this.#openTo(claim, relativesOf);
  }

  /** Updates the claims; returns those whose known time shrank, and those whose known time grew. */
  #renewClaims({ removed, added }: AssertionChange): {
    readonly lost: readonly Claim[];
    readonly gained: readonly Claim[];
  } {
    const changes = new Map<string, { assertion: DatedAssertion; removed: Interval[]; added: Interval[] }>();
    const changeOf = (assertion: DatedAssertion) => {
      const name = nameOf(assertion);
      const found = changes.get(name) ?? { assertion, removed: [], added: [] };
      changes.set(name, found);
      return found;
    };
    for (const { assertion, known } of removed) changeOf(assertion).removed.push(known);
    for (const { assertion, known } of added) changeOf(assertion).added.push(known);
    const [lost, gained]: [Claim[], Claim[]] = [[], []];
    for (const [name, { assertion, removed: less, added: more }] of changes) {
      const before = this.#claims.get(name)?.known ?? [];
      const claim = { name, assertion, known: union([...subtractAll(before, less), ...more]) };
      this.#keep(claim);
      if (subtractAll(before, claim.known).length > 0) lost.push(claim);
      if (subtractAll(claim.known, before).length > 0) gained.push(claim);
    }
    return { lost, gained };
  }

  #keep(claim: Claim): void {
    const { begun } = claim.assertion;
    const bounds = `${begun.from} ${begun.to}`;
    const group = this.#contemporaries.get(bounds) ?? this.#newContemporaries(begun);
    if (claim.known.length > 0) {
      this.#claims.set(claim.name, claim);
      this.#contemporaries.set(bounds, group);
      group.claims.set(claim.name, claim);
      if (claim.assertion.isVague) group.vague.set(claim.name, claim);
    } else {
      this.#claims.delete(claim.name);
      group.claims.delete(claim.name);
      group.vague.delete(claim.name);
      if (group.claims.size === 0) this.#contemporaries.delete(bounds);
    }
    if (group.vague.size > 0) this.#vague.add(group);
    else this.#vague.delete(group);
  }

  #newContemporaries(begun: Interval): Contemporaries {
    this.#places += 1;
    return { place: this.#places, begun, claims: new Map(), vague: new Map() };
  }

  /** The claims whose pairs have to be found again, each with the doubts that still hold. */
  #doubtsToKeep(lost: readonly Claim[], gained: readonly Claim[]): Map<string, readonly OrderDoubt[]> {
    const removedKeys = new Set(lost.map(({ assertion }) => assertion.event.key));
    const holding = new Map<string, readonly OrderDoubt[]>();
    for (const name of this.#doubts.pairedWith(removedKeys))
      holding.set(
        name,
        this.#doubts.of(name).filter(({ other }) => !removedKeys.has(other)),
      );
    for (const { name } of gained) holding.set(name, holding.get(name) ?? this.#doubts.of(name));
    for (const { name } of lost) holding.set(name, []);
    return holding;
  }

  *#relinkedClaims(events: ReadonlySet<string>): Iterable<string> {
    if (events.size === 0) return;
    for (const { name, assertion } of this.#claims.values())
      if (assertion.isVague && events.has(assertion.event.key)) yield name;
  }

  /** Keeps the doubts that hold, and pairs the rest of the known time. */
  #pairAgain(name: string, holding: readonly OrderDoubt[], relativesOf: Relations['relativesOf']): DoubtChange {
    const claim = this.#claims.get(name);
    if (!claim?.assertion.isVague) return this.#doubts.replace(name, []);
    const pairing = pairingOf(claim, holding);
    for (const { begun, claims } of this.#contemporaries.values()) {
      if (!leavesOpen(claim.assertion.begun, begun)) continue;
      for (const other of claims.values()) {
        if (pairing.isComplete) break;
        pair(claim, other, { pairing, relativesOf });
      }
    }
    return this.#doubts.replace(name, [...holding, ...pairing.found]);
  }

  /** Pairs vague claims with a new one, for the known time in which they had no partner. */
  *#openTo(claim: Claim, relativesOf: Relations['relativesOf']): Iterable<DoubtChange> {
    const open = [...this.#vague].filter(({ begun }) => leavesOpen(begun, claim.assertion.begun));
    for (const { vague: claims } of open.sort((one, other) => one.place - other.place))
      for (const vague of claims.values()) {
        const holding = this.#doubts.of(vague.name);
        const pairing = pairingOf(vague, holding);
        pair(vague, claim, { pairing, relativesOf });
        if (pairing.found.length > 0) yield this.#doubts.replace(vague.name, [...holding, ...pairing.found]);
      }
  }
}

function pair(
  vague: Claim,
  other: Claim,
  { pairing, relativesOf }: { readonly pairing: Pairing; readonly relativesOf: Relations['relativesOf'] },
): void {
  const [{ event }, { event: rival }] = [vague.assertion, other.assertion];
  if (!pairing.canAdd(other.known) || !disagree(vague.assertion, other.assertion)) return;
  pairing.add(rival.key, subtractAll(other.known, relativesOf(event.key).get(rival.key) ?? []));
}

const pairingOf = ({ assertion: { field, event }, known }: Claim, holding: readonly OrderDoubt[]): Pairing =>
  new Pairing({ kind: 'order-unknown', field, event: event.key }, known, holding);

const nameOf = ({ event, value, valid, begun, isVague }: DatedAssertion): string =>
  JSON.stringify([event.key, begun.from, begun.to, valid.from, valid.to, isVague, value]);

/** True if what began within the first bounds may have begun before or after the other; crossed bounds contain nothing. */
const leavesOpen = (vague: Interval, other: Interval): boolean =>
  other.from <= other.to &&
  vague.from <= other.from &&
  other.to <= vague.to &&
  (vague.from < other.from || other.to < vague.to);

function memoise<Value>(find: (key: string) => Value): (key: string) => Value {
  const found = new Map<string, Value>();
  return (key) => {
    const value = found.get(key) ?? find(key);
    found.set(key, value);
    return value;
  };
}
