import type { Position, RecordedEvent } from '#domain';
import { type Interval, union } from './coordinate.js';
import { type DatedAssertion, datedAssertionsOf } from './dated-assertion.js';
import type { EventStanding } from './event-standing.js';
import { EventVersions } from './event-versions.js';
import { FieldLedger, type FieldLedgerChange } from './field-ledger.js';
import type { LiveAssertion } from './live-assertions.js';
import { PolicyHistory } from './policy-history.js';
import { outside } from './rectangle.js';
import { type Change, type EventVersion, type Numbering, type Standing, together } from './standing.js';
import type { AssertionChange } from './unknown-orders.js';

/** Raised whenever the same events would give other numbers, or the same answers by other boxes, versions or doubts. */
export const LEDGER_VERSION = 2;

/** Everything that one event changed in what is to be said about its policy. */
export interface LedgerChange extends FieldLedgerChange {
  readonly position: Position;
  readonly versions: Change<EventVersion>;
  /** What the versions that opened or closed assert, by how the event stands in them. */
  readonly assertions: ReadonlyMap<EventStanding, readonly DatedAssertion[]>;
}

/**
 * One policy's facts for every coordinate up to the newest position, kept as what stands now plus what each event
 * changed.
 *
 * Guarantee: deterministic; a box stands for a point exactly when the fold gives its assertion there. Feed it the
 * policy's events in order of position. Work is in proportion to what an event changes.
 */
export class Ledger {
  readonly #history = new PolicyHistory();
  readonly #versions = new EventVersions(this.#history);
  readonly #fields = new Map<string, FieldLedger>();
  #lastId = 0;

  get size(): number {
    return this.#history.events.length;
  }

  /** How the event stands now, by stretches of known time in order. */
  versionsOf(key: string): readonly Standing<EventVersion>[] {
    return this.#versions.of(key);
  }

  /** Every event recorded so far, in order of position. */
  get events(): readonly RecordedEvent[] {
    return this.#history.events;
  }

  append(event: RecordedEvent): LedgerChange {
    this.#history.add(event);
    const numbered = this.#numbering(event.position);
    const { versions, relinked } = this.#versions.renew(event, numbered);
    const assertions = assertionsOf(versions);
    const fields = this.#changesByField(assertionChanges(versions, assertions), relinked);
    const changes = [...fields].map(([field, change]) => this.#field(field).apply(change, numbered));
    return {
      position: event.position,
      versions,
      assertions,
      boxes: together(changes.map(({ boxes }) => boxes)),
      unsure: together(changes.map(({ unsure }) => unsure)),
      doubts: together(changes.map(({ doubts }) => doubts)),
    };
  }

  #numbering(since: Position): Numbering {
    return (thing) => ({ id: ++this.#lastId, since, thing });
  }

  #field(name: string): FieldLedger {
    const field = this.#fields.get(name) ?? new FieldLedger(this.#versions.datings);
    this.#fields.set(name, field);
    return field;
  }

  /** What each field has to take account of. Where links act otherwise that may be any, though nothing else changes. */
  #changesByField(changes: AssertionChanges, keys: readonly string[]): ReadonlyMap<string, AssertionChange> {
    if (keys.length === 0) return withRelinked(changes, new Set());
    const relinked = this.#versions.datings.everRelated(keys);
    const unchanged = [...this.#fields.keys()].filter((field) => !changes.has(field));
    return withRelinked(new Map([...changes, ...unchanged.map((field) => [field, NO_CHANGE] as const)]), relinked);
  }
}

/** What is asserted that was not, and no longer is, by field. */
type AssertionChanges = ReadonlyMap<string, Omit<AssertionChange, 'relinked'>>;

const NO_CHANGE: Omit<AssertionChange, 'relinked'> = { removed: [], added: [] };

const withRelinked = (changes: AssertionChanges, relinked: ReadonlySet<string>): ReadonlyMap<string, AssertionChange> =>
  new Map([...changes].map(([field, change]) => [field, { ...change, relinked }]));

/** What the changed versions of events now assert that they did not, and the reverse, by field. */
function assertionChanges(
  { opened, closed }: Change<EventVersion>,
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
    // Versions that assert the same are one: there may be many, of an event with many records.
    const [before, after] = [union(was?.known ?? []), union(is?.known ?? [])];
    change.removed.push(...outside(before, after).map(live));
    change.added.push(...outside(after, before).map(live));
  }
  return changes;
}

const assertionsOf = ({ opened, closed }: Change<EventVersion>): LedgerChange['assertions'] =>
  new Map([...opened, ...closed].map(({ thing: { standing } }) => [standing, datedAssertionsOf(standing)]));

function byContent(
  versions: readonly Standing<EventVersion>[],
  assertions: LedgerChange['assertions'],
): ReadonlyMap<string, { assertion: DatedAssertion; known: Interval[] }> {
  const contents = new Map<string, { assertion: DatedAssertion; known: Interval[] }>();
  for (const { thing } of versions)
    for (const assertion of assertions.get(thing.standing) ?? []) {
      const content = contentOf(assertion);
      const entry = contents.get(content) ?? { assertion, known: [] };
      entry.known.push(thing.known);
      contents.set(content, entry);
    }
  return contents;
}

const contentOf = ({ field, value, valid, begun, isVague, weight }: DatedAssertion): string =>
  JSON.stringify([field, weight, valid.from, valid.to, begun.from, begun.to, isVague, value]);
