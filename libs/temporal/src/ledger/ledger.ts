import type { Position, RecordedEvent } from '#domain/facts';
import { type Interval, union } from '../time/coordinate.js';
import { type DatedAssertion, datedAssertionsOf } from '../events/dated-assertion.js';
import type { EventVersion } from '../events/event-version.js';
import { VersionLedger } from '../events/version-ledger.js';
import { FieldLedger, type FieldLedgerChange } from '../fields/field-ledger.js';
import type { LiveAssertion } from '../fields/live-assertions.js';
import { PolicyHistory } from '../records/policy-history.js';
import { type PausingWork, finish } from '../time/pausing-work.js';
import { subtractAll } from '../time/rectangle.js';
import {
  type ItemChanges,
  type VersionInterval,
  type ItemFactory,
  type LedgerItem,
  mergeChanges,
} from '../events/ledger-items.js';
import type { AssertionChange } from '../fields/unknown-orders.js';

/** Raised whenever the same events would give other numbers, or the same answers by other boxes, versions or doubts. */
export const LEDGER_VERSION = 3;

/** The changes that one event made in the ledger of its policy. */
export interface LedgerChange extends FieldLedgerChange {
  readonly position: Position;
  readonly versions: ItemChanges<VersionInterval>;
  /** The assertions of the versions that were opened or closed, by version. */
  readonly assertions: ReadonlyMap<EventVersion, readonly DatedAssertion[]>;
}

/**
 * A ledger of one policy's facts for every coordinate up to the newest position: the items that hold now, and those that
 * each event opened and closed.
 *
 * Guarantee: deterministic; a box covers a point exactly if the fold gives its assertion there. Feed it the
 * policy's events in order of position. The work is proportional to what an event changes.
 */
export class Ledger {
  readonly #history = new PolicyHistory();
  readonly #versions = new VersionLedger(this.#history);
  readonly #fields = new Map<string, FieldLedger>();
  #lastId = 0;
  /** The weight of all items that hold: versions with their lists, boxes, uncertainties and doubts. */
  #weight = 0;

  /** An estimate, within a factor of 1.5, of the bytes of memory it uses, without the recorded bodies. */
  get bytes(): number {
    return (
      this.#weight * BYTES.version +
      this.#fields.size * BYTES.field +
      this.#versions.datings.size * BYTES.datingPiece +
      this.#versions.records.size * BYTES.account
    );
  }

  /** The versions of an event, by stretches of known time, in order. */
  versionsOf(key: string): readonly LedgerItem<VersionInterval>[] {
    return this.#versions.of(key);
  }

  /** Every event recorded so far, in order of position. */
  get events(): readonly RecordedEvent[] {
    return this.#history.events;
  }

  append(event: RecordedEvent): LedgerChange {
    return finish(this.appendInSteps(event));
  }

  /**
   * As {@link append}, event by event and field by field: one may change hundreds of both. Nothing may be asked of the
   * ledger before the end, and a ledger whose work was not brought to an end is to be dropped.
   */
  *appendInSteps(event: RecordedEvent): PausingWork<LedgerChange> {
    this.#history.add(event);
    const itemOf = this.#itemsSince(event.position);
    const { versions, relinked } = yield* this.#versions.renew(event, itemOf);
    const assertions = assertionsOf(versions);
    const fields = this.#changesByField(assertionChanges(versions, assertions), relinked);
    const changes: FieldLedgerChange[] = [];
    for (const [field, change] of fields) {
      changes.push(this.#field(field).apply(change, itemOf));
      yield;
    }
    const change = {
      position: event.position,
      versions,
      assertions,
      boxes: mergeChanges(changes.map(({ boxes }) => boxes)),
      uncertain: mergeChanges(changes.map(({ uncertain }) => uncertain)),
      doubts: mergeChanges(changes.map(({ doubts }) => doubts)),
    };
    this.#weight += weightChange(change);
    return change;
  }

  #itemsSince(since: Position): ItemFactory {
    return (value) => ({ id: ++this.#lastId, since, value });
  }

  #field(name: string): FieldLedger {
    const field = this.#fields.get(name) ?? new FieldLedger(this.#versions.datings);
    this.#fields.set(name, field);
    return field;
  }

  /** The changes for each field; if acting links changed, every field may be concerned, though nothing else changes. */
  #changesByField(changes: AssertionChanges, keys: readonly string[]): ReadonlyMap<string, AssertionChange> {
    if (keys.length === 0) return withRelinked(changes, new Set());
    const relinked = this.#versions.datings.addEverRelated(keys);
    const unchanged = [...this.#fields.keys()].filter((field) => !changes.has(field));
    return withRelinked(new Map([...changes, ...unchanged.map((field) => [field, NO_CHANGE] as const)]), relinked);
  }
}

/** What each part of a ledger costs in memory; measured, see the spec of the policies' ledgers. */
const BYTES = { version: 1100, field: 4000, datingPiece: 450, account: 1000 };

/** The weight that a change adds. */
function weightChange({ versions, boxes, uncertain, doubts }: LedgerChange): number {
  const [opened, closed] = [weightOf(versions.opened), weightOf(versions.closed)];
  return [boxes, uncertain, doubts].reduce((sum, one) => sum + one.opened.length - one.closed.length, opened - closed);
}

/** This many list entries take as much memory as one version or box. */
const LISTED_AS_ONE = 40;

const weightOf = (versions: readonly LedgerItem<VersionInterval>[]): number =>
  versions.reduce((sum, { value: { version } }) => sum + 1 + countListed(version) / LISTED_AS_ONE, 0);

const countListed = ({ follows, datedBy }: EventVersion): number => follows.length + datedBy.length;

/** The assertions that a change added and removed, by field. */
type AssertionChanges = ReadonlyMap<string, Omit<AssertionChange, 'relinked'>>;

const NO_CHANGE: Omit<AssertionChange, 'relinked'> = { removed: [], added: [] };

const withRelinked = (changes: AssertionChanges, relinked: ReadonlySet<string>): ReadonlyMap<string, AssertionChange> =>
  new Map([...changes].map(([field, change]) => [field, { ...change, relinked }]));

/** Compares what the opened and the closed versions assert, by field. */
function assertionChanges(
  { opened, closed }: ItemChanges<VersionInterval>,
  assertions: LedgerChange['assertions'],
): AssertionChanges {
  const [wereSaid, areSaid] = [byContent(closed, assertions), byContent(opened, assertions)];
  const changes = new Map<string, { removed: LiveAssertion[]; added: LiveAssertion[] }>();
  for (const content of new Set([...wereSaid.keys(), ...areSaid.keys()])) {
    const [was, is] = [wereSaid.get(content), areSaid.get(content)];
    const assertion = is?.assertion ?? was?.assertion;
    if (!assertion) continue;
    const change = changes.get(assertion.field) ?? { removed: [], added: [] };
    changes.set(assertion.field, change);
    const live = (known: Interval): LiveAssertion => ({ assertion, content, known });
    // Versions with equal assertions are merged: an event with many records has many versions.
    const [before, after] = [union(was?.known ?? []), union(is?.known ?? [])];
    change.removed.push(...subtractAll(before, after).map(live));
    change.added.push(...subtractAll(after, before).map(live));
  }
  return changes;
}

const assertionsOf = ({ opened, closed }: ItemChanges<VersionInterval>): LedgerChange['assertions'] =>
  new Map([...opened, ...closed].map(({ value: { version } }) => [version, datedAssertionsOf(version)]));

function byContent(
  versions: readonly LedgerItem<VersionInterval>[],
  assertions: LedgerChange['assertions'],
): ReadonlyMap<string, { assertion: DatedAssertion; known: Interval[] }> {
  const contents = new Map<string, { assertion: DatedAssertion; known: Interval[] }>();
  for (const { value } of versions)
    for (const assertion of assertions.get(value.version) ?? []) {
      const content = contentOf(assertion);
      const entry = contents.get(content) ?? { assertion, known: [] };
      entry.known.push(value.known);
      contents.set(content, entry);
    }
  return contents;
}

const contentOf = ({ field, value, valid, begun, isVague, weight }: DatedAssertion): string =>
  JSON.stringify([field, weight, valid.from, valid.to, begun.from, begun.to, isVague, value]);
