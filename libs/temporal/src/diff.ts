import { isDeepStrictEqual } from 'node:util';
import type { Instant, Position } from '#domain';
import { type Coordinate, contains } from './coordinate.js';
import { type AssertedValue, compareText } from './dated-assertion.js';
import type { EventStanding } from './event-standing.js';
import type { Fact } from './fold.js';

/** How one event is seen from one coordinate. */
export interface SeenEvent {
  readonly key: string;
  readonly position: Position;
  /** From when on it could be known, as recorded at that coordinate. */
  readonly knownFrom: Instant;
  /** How it stands there; absent while it is not yet known. */
  readonly standing?: Pick<EventStanding, 'body' | 'retracted' | 'retractedBy' | 'correctedBy' | 'datedBy'>;
}

/**
 * One policy as seen from one coordinate, as far as a diff needs it.
 *
 * `facts` and `inForce` may leave out what is the same from the other coordinate. `seen` answers undefined for an event
 * not recorded by then, and must know every event that a fact of either side names.
 */
export interface PolicyPoint {
  readonly at: Coordinate;
  readonly facts: ReadonlyMap<string, Fact>;
  /** Keys in order of occurrence. */
  readonly inForce: readonly string[];
  seen(key: string): SeenEvent | undefined;
}

/** Why a value differs; the first that applies, in this order. */
export type Why = 'retracted' | 'corrected' | 'happened' | 'published' | 'recorded-late' | 'redated';

/** One field whose value differs between two coordinates. */
export interface FieldDifference {
  readonly field: string;
  /** `null` when absent, likewise `after`. */
  readonly before: AssertedValue;
  readonly after: AssertedValue;
  readonly why: Why;
  /** Keys of the events behind the two values, the earlier coordinate's first. */
  readonly events: readonly string[];
  /** Keys of the events that made the difference: the event concerned, and what corrected, retracted or dated it. */
  readonly causes: readonly string[];
}

/** What differs in one policy between two coordinates. Changes in order of field, keys in order of occurrence. */
export interface PolicyDifference {
  readonly changes: readonly FieldDifference[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Compares one policy at two coordinates; either may be the earlier on any axis. */
export function differenceBetween(from: PolicyPoint, to: PolicyPoint): PolicyDifference {
  const fields = [...new Set([...from.facts.keys(), ...to.facts.keys()])].toSorted(compareText);
  return {
    changes: fields.flatMap((field) => fieldDifference(field, from, to)),
    added: missingFrom(from.inForce, to.inForce),
    removed: missingFrom(to.inForce, from.inForce),
  };
}

const missingFrom = (some: readonly string[], all: readonly string[]): readonly string[] => {
  const present = new Set(some);
  return all.filter((key) => !present.has(key));
};

function fieldDifference(field: string, from: PolicyPoint, to: PolicyPoint): readonly FieldDifference[] {
  const [before, after] = [from.facts.get(field), to.facts.get(field)];
  const values = { before: before?.value ?? null, after: after?.value ?? null };
  if (isDeepStrictEqual(values.before, values.after)) return [];
  const { why, causes } = reasonFor({ before, after, from, to });
  return [{ field, ...values, why, events: unique([before?.event, after?.event]), causes: unique(causes) }];
}

const unique = (keys: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(keys.filter((key) => key !== undefined)),
];

interface Reason {
  readonly why: Why;
  readonly causes: readonly string[];
}

interface Sides {
  readonly before: Fact | undefined;
  readonly after: Fact | undefined;
  readonly from: PolicyPoint;
  readonly to: PolicyPoint;
}

function reasonFor({ before, after, from, to }: Sides): Reason {
  const events = unique([before?.event, after?.event]);
  return (
    firstReason(events, (key) => retraction(key, from, to)) ??
    firstReason(events, (key) => correction(key, from, to)) ??
    (after && newsSeenFrom(from, after, to)) ??
    (before && newsSeenFrom(to, before, from)) ?? {
      why: 'redated',
      causes: [...events, ...events.flatMap((key) => redating(key, from, to))],
    }
  );
}

function firstReason(events: readonly string[], reason: (key: string) => Reason | undefined): Reason | undefined {
  for (const key of events) {
    const found = reason(key);
    if (found) return found;
  }
  return undefined;
}

function retraction(key: string, from: PolicyPoint, to: PolicyPoint): Reason | undefined {
  const [one, other] = [from.seen(key)?.standing, to.seen(key)?.standing];
  if (!one || !other || one.retracted === other.retracted) return undefined;
  return { why: 'retracted', causes: [key, ...one.retractedBy, ...other.retractedBy] };
}

function correction(key: string, from: PolicyPoint, to: PolicyPoint): Reason | undefined {
  const [one, other] = [from.seen(key)?.standing, to.seen(key)?.standing];
  if (!one || !other || isDeepStrictEqual(one.body, other.body)) return undefined;
  const differing = inOneOnly(one.correctedBy, other.correctedBy);
  return { why: 'corrected', causes: [key, ...(differing.length > 0 ? differing : other.correctedBy)] };
}

/** Why a fact that holds at `there` is not seen from `here`, if it is news to it. */
function newsSeenFrom(here: PolicyPoint, fact: Fact, there: PolicyPoint): Reason | undefined {
  const seen = here.seen(fact.event) ?? there.seen(fact.event);
  if (!contains(fact.valid, here.at.validAt)) return { why: 'happened', causes: [fact.event] };
  if (seen && here.at.knownAt < seen.knownFrom) return { why: 'published', causes: [fact.event] };
  if (seen && here.at.recorded < seen.position) return { why: 'recorded-late', causes: [fact.event] };
  return undefined;
}

const redating = (key: string, from: PolicyPoint, to: PolicyPoint): readonly string[] =>
  inOneOnly(from.seen(key)?.standing?.datedBy ?? [], to.seen(key)?.standing?.datedBy ?? []);

const inOneOnly = (one: readonly string[], other: readonly string[]): readonly string[] => [
  ...missingFrom(other, one),
  ...missingFrom(one, other),
];
