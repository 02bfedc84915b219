import { FOREVER, type Instant, type Position, type RecordedEvent, instant, position } from '#domain';
import { type Interval, isEmpty, overlaps, sameInterval, without } from './coordinate.js';
import { type DatedAssertion, datedAssertionsOf } from './dated-assertion.js';
import { affectedBy, sinceWhenKnown } from './affected.js';
import { type EventStanding, standingsAt } from './event-standing.js';
import { FieldBoxes, type FieldChange, type Patch } from './field-boxes.js';
import type { LiveAssertion } from './live-assertions.js';
import { type OrderDoubt, OrderDoubts } from './order-doubts.js';
import { PolicyHistory } from './policy-history.js';
import { type Publications, publicationsAt } from './publications.js';
import { outside } from './rectangle.js';
import { viewAt } from './view.js';

/** A thing that stands from one position of the log on, until a later one ends it. */
export interface Standing<Thing> {
  /** Counts up within the policy; the same events in the same order give the same numbers. */
  readonly id: number;
  /** The position from which on it stands. */
  readonly since: Position;
  readonly thing: Thing;
}

/** How an event stands over a stretch of known time in which nothing about it changes. */
export interface EventVersion {
  readonly known: Interval;
  readonly standing: EventStanding;
}

/** A rectangle of known by valid time in which one assertion of a field wins. */
export interface Box {
  readonly known: Interval;
  readonly valid: Interval;
  readonly assertion: DatedAssertion;
}

/** A stretch of known time in which an assertion has a time of uncertainty before it. */
export interface Unsure {
  readonly known: Interval;
  readonly assertion: DatedAssertion;
}

/** What began to stand and what ended at one position. */
export interface Change<Thing> {
  readonly opened: readonly Standing<Thing>[];
  readonly closed: readonly Standing<Thing>[];
}

/** Everything that one event changed in what is to be said about its policy. */
export interface LedgerChange {
  readonly position: Position;
  readonly versions: Change<EventVersion>;
  /** What the versions that opened or closed assert, by how the event stands in them. */
  readonly assertions: ReadonlyMap<EventStanding, readonly DatedAssertion[]>;
  readonly boxes: Change<Box>;
  readonly unsure: Change<Unsure>;
  /** Assertions whose order is not known. */
  readonly doubts: Change<OrderDoubt>;
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
  readonly #versions = new Map<string, readonly Standing<EventVersion>[]>();
  readonly #fields = new Map<string, Field>();
  #lastId = 0;

  get size(): number {
    return this.#history.events.length;
  }

  /** How the event stands now, by stretches of known time in order. */
  versionsOf(key: string): readonly Standing<EventVersion>[] {
    return this.#versions.get(key) ?? [];
  }

  /** Every event recorded so far, in order of position. */
  get events(): readonly RecordedEvent[] {
    return this.#history.events;
  }

  append(event: RecordedEvent): LedgerChange {
    this.#history.add(event);
    const versions = this.#renewVersions(event);
    const assertions = assertionsOf(versions);
    const fields = this.#renewAssertions(versions, assertions);
    const numbered = this.#numbering(event.position);
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

  #field(name: string): Field {
    const field = this.#fields.get(name) ?? new Field();
    this.#fields.set(name, field);
    return field;
  }

  #renewVersions(event: RecordedEvent): Change<EventVersion> {
    const affected = affectedBy(event, this.#history);
    const publications = publicationsAt(this.#history, event.position);
    const since = sinceWhenKnown(event, this.#history, {
      before: publicationsAt(this.#history, position(event.position - 1)),
      after: publications,
    });
    const stretches = this.#stretchesOf(
      affected,
      cutsOf(affected, { history: this.#history, publications, since }),
      publications,
    );
    return together(
      affected.map(({ key }) => this.#renewVersionsOf(key, stretches.get(key) ?? [], { since, at: event.position })),
    );
  }

  /** How each affected event stands from the first cut on, by stretches in which it does not change. */
  #stretchesOf(
    affected: readonly RecordedEvent[],
    cuts: readonly Instant[],
    publications: Publications,
  ): ReadonlyMap<string, EventVersion[]> {
    const stretches = new Map<string, EventVersion[]>();
    cuts.forEach((from, index) => {
      const known = { from, to: cuts[index + 1] ?? FOREVER };
      const view = viewAt(this.#history, { recorded: publications.recorded, knownAt: from }, publications);
      for (const standing of standingsAt(affected, view)) {
        const { key } = standing.event;
        stretches.set(key, extended(stretches.get(key) ?? [], { known, standing }));
      }
    });
    return stretches;
  }

  #renewVersionsOf(
    key: string,
    stretches: readonly EventVersion[],
    { since, at }: { since: Instant; at: Position },
  ): Change<EventVersion> {
    const before = this.#versions.get(key) ?? [];
    const earlier = before
      .filter(({ thing }) => thing.known.from < since)
      .map(({ thing }) => ({
        standing: thing.standing,
        known: { from: thing.known.from, to: instant(Math.min(thing.known.to, since)) },
      }));
    const wanted = stretches.reduce<EventVersion[]>(extended, earlier);
    const after = wanted.map(
      (version) => before.find(({ thing }) => sameVersion(thing, version)) ?? this.#numbering(at)(version),
    );
    this.#versions.set(key, after);
    return {
      opened: after.filter((version) => !before.includes(version)),
      closed: before.filter((version) => !after.includes(version)),
    };
  }

  /** What the changed versions of events now assert that they did not, and the reverse, by field. */
  #renewAssertions(
    { opened, closed }: Change<EventVersion>,
    assertions: LedgerChange['assertions'],
  ): ReadonlyMap<string, AssertionChange> {
    const before = byContent(closed, assertions);
    const after = byContent(opened, assertions);
    const changes = new Map<string, { removed: LiveAssertion[]; added: LiveAssertion[] }>();
    for (const content of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(content), after.get(content)];
      const assertion = is?.assertion ?? was?.assertion;
      if (!assertion) continue;
      const change = changes.get(assertion.field) ?? { removed: [], added: [] };
      changes.set(assertion.field, change);
      const live = (known: Interval): LiveAssertion => ({ assertion, content, known });
      change.removed.push(...outside(was?.known ?? [], is?.known ?? []).map(live));
      change.added.push(...outside(is?.known ?? [], was?.known ?? []).map(live));
    }
    return changes;
  }
}

interface AssertionChange {
  readonly removed: readonly LiveAssertion[];
  readonly added: readonly LiveAssertion[];
}

type Numbering = <Thing>(thing: Thing) => Standing<Thing>;

/** One field's boxes and uncertainties with the numbers under which they were handed out. */
class Field {
  readonly #boxes = new FieldBoxes();
  readonly #numbered = new Map<Patch, Standing<Box>>();
  readonly #unsure = new Map<string, readonly Standing<Unsure>[]>();
  readonly #doubts = new OrderDoubts();
  readonly #doubtful = new Map<OrderDoubt, Standing<OrderDoubt>>();

  apply(
    { removed, added }: AssertionChange,
    numbered: Numbering,
  ): Omit<LedgerChange, 'position' | 'versions' | 'assertions'> {
    const boxes = this.#numberBoxes(this.#boxes.change(removed, added), numbered);
    return {
      boxes,
      unsure: this.#renewUnsure(removed, added, numbered),
      doubts: this.#renewDoubts([...removed, ...added], numbered),
    };
  }

  #numberBoxes({ gone, come }: FieldChange, numbered: Numbering): Change<Box> {
    const closed = gone.flatMap((patch) => this.#numbered.get(patch) ?? []);
    for (const patch of gone) this.#numbered.delete(patch);
    const opened = come.flatMap((patch) => {
      if (!patch.owner) return [];
      const box = numbered({ known: patch.known, valid: patch.valid, assertion: patch.owner.assertion });
      this.#numbered.set(patch, box);
      return [box];
    });
    return { opened, closed };
  }

  #renewUnsure(
    removed: readonly LiveAssertion[],
    added: readonly LiveAssertion[],
    numbered: Numbering,
  ): Change<Unsure> {
    const opened: Standing<Unsure>[] = [];
    const closed: Standing<Unsure>[] = [];
    const open = (content: string, unsure: Unsure): void => {
      const standing = numbered(unsure);
      opened.push(standing);
      this.#unsure.set(content, [...(this.#unsure.get(content) ?? []), standing]);
    };
    for (const { content, known } of removed.filter(isUnsure)) {
      const standing = this.#unsure.get(content) ?? [];
      const cut = standing.filter(({ thing }) => overlaps(thing.known, known));
      this.#unsure.set(
        content,
        standing.filter((unsure) => !cut.includes(unsure)),
      );
      closed.push(...cut);
      for (const { thing } of cut)
        for (const rest of without(thing.known, known)) open(content, { assertion: thing.assertion, known: rest });
    }
    for (const { assertion, content, known } of added.filter(isUnsure)) open(content, { assertion, known });
    // What was opened and cut again at this position never stood.
    return {
      opened: opened.filter((unsure) => !closed.includes(unsure)),
      closed: closed.filter((unsure) => !opened.includes(unsure)),
    };
  }

  #renewDoubts(changed: readonly LiveAssertion[], numbered: Numbering): Change<OrderDoubt> {
    const { gone, come } = this.#doubts.renew(this.#boxes.live, changed);
    const closed = gone.flatMap((doubt) => this.#doubtful.get(doubt) ?? []);
    for (const doubt of gone) this.#doubtful.delete(doubt);
    const opened = come.map(numbered);
    for (const standing of opened) this.#doubtful.set(standing.thing, standing);
    return { opened, closed };
  }
}

const isUnsure = ({ assertion }: LiveAssertion): boolean => !isEmpty(assertion.unsure);

const sameVersion = (one: EventVersion, other: EventVersion): boolean =>
  sameInterval(one.known, other.known) && one.standing.signature === other.standing.signature;

/** The versions with one more stretch, joined to the last where the event stands the same in both. */
function extended(versions: readonly EventVersion[], next: EventVersion): EventVersion[] {
  const last = versions.at(-1);
  const joins = last?.known.to === next.known.from && last.standing.signature === next.standing.signature;
  return joins
    ? [...versions.slice(0, -1), { standing: last.standing, known: { from: last.known.from, to: next.known.to } }]
    : [...versions, next];
}

interface Cutting {
  readonly history: PolicyHistory;
  readonly publications: Publications;
  readonly since: Instant;
}

/** The instants of known time from `since` on at which any of the events may come to stand otherwise. */
function cutsOf(events: readonly RecordedEvent[], { history, publications, since }: Cutting): readonly Instant[] {
  const cuts = new Set<Instant>([since]);
  const pending = [...events];
  for (let event = pending.pop(); event; event = pending.pop()) {
    for (const { at } of publications.of(event)) if (at > since) cuts.add(at);
    pending.push(...history.about(event.key));
  }
  return [...cuts].sort((one, other) => one - other);
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

const contentOf = ({ field, value, valid, begun, isVague, relatives, weight }: DatedAssertion): string =>
  JSON.stringify([field, weight, valid.from, valid.to, begun.from, begun.to, isVague, relatives.toSorted(), value]);

function together<Thing>(changes: readonly Change<Thing>[]): Change<Thing> {
  const [opened, closed]: [Standing<Thing>[], Standing<Thing>[]] = [[], []];
  for (const change of changes) {
    for (const standing of change.opened) opened.push(standing);
    for (const standing of change.closed) closed.push(standing);
  }
  return { opened, closed };
}
