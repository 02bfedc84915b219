import { isDeepStrictEqual } from 'node:util';
import { type Coordinate, contains } from '../time/coordinate.js';
import {
  type RecordNote,
  type EventAtPoint,
  causesOfCorrection,
  causesOfDating,
  causesOfPublication,
  causesOfRetraction,
} from './causes.js';
import { type AssertedValue, compareText } from '../events/dated-assertion.js';
import type { Fact } from './fold.js';

/**
 * One policy as seen from one coordinate, reduced to what a diff needs.
 *
 * `facts` and `inForce` may leave out what is the same at the other coordinate. `seen` answers undefined for an event
 * not recorded by then. It must know every event that a fact of either side names, and what `retractedBy`,
 * `correctedBy` and `datedBy` of those name, and so on, as far as they differ from the other coordinate; `notes` and
 * `note` the records that moved a publication of one of them.
 */
export interface PolicyPoint {
  readonly at: Coordinate;
  readonly facts: ReadonlyMap<string, Fact>;
  /** Keys in order of occurrence. */
  readonly inForce: readonly string[];
  event(key: string): EventAtPoint | undefined;
  readonly notes: readonly RecordNote[];
  note(key: string): RecordNote | undefined;
}

/** The reasons for which a value differs; the first that applies is reported. */
export const WHYS = ['retracted', 'corrected', 'happened', 'published', 'recorded-late', 'redated'] as const;
export type Why = (typeof WHYS)[number];

/** One field whose value differs between two coordinates. */
export interface FieldDifference {
  readonly field: string;
  /** `null` when absent, likewise `after`. */
  readonly before: AssertedValue;
  readonly after: AssertedValue;
  readonly why: Why;
  /** Keys of the events behind the two values, the earlier coordinate's first. */
  readonly events: readonly string[];
  /**
   * Keys of exactly those events that made the difference: the event concerned, then the correction, retraction, link or
   * source that changed how it counts, then what corrected or retracted that, the nearest first.
   */
  readonly causes: readonly string[];
}

/** The differences of one policy between two coordinates: changes in order of field, keys in order of occurrence. */
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
  const { why, causes } = reasonFor({ field, before, after }, { from, to });
  return [{ field, ...values, why, events: unique([before?.event, after?.event]), causes: unique(causes) }];
}

const unique = (keys: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(keys.filter((key) => key !== undefined)),
];

interface Reason {
  readonly why: Why;
  readonly causes: readonly string[];
}

interface Points {
  readonly from: PolicyPoint;
  readonly to: PolicyPoint;
}

interface Facts {
  readonly field: string;
  readonly before: Fact | undefined;
  readonly after: Fact | undefined;
}

function reasonFor({ field, before, after }: Facts, sides: Points): Reason {
  const { from, to } = sides;
  const events = unique([before?.event, after?.event]);
  return (
    firstReason(events, (key) => retraction(key, sides)) ??
    firstReason(events, (key) => correction(key, field, sides)) ??
    (after && newsSeenFrom(from, after, to)) ??
    (before && newsSeenFrom(to, before, from)) ?? { why: 'redated', causes: causesOfRedating(events, sides) }
  );
}

/** The events whose dating changed, each with its causes; both events if neither is found to have changed. */
function causesOfRedating(events: readonly string[], sides: Points): readonly string[] {
  const redated = events.flatMap((key) => {
    const causes = causesOfDating(key, sides);
    return causes.length > 0 ? [key, ...causes] : [];
  });
  return redated.length > 0 ? redated : events;
}

function firstReason(events: readonly string[], reason: (key: string) => Reason | undefined): Reason | undefined {
  for (const key of events) {
    const found = reason(key);
    if (found) return found;
  }
  return undefined;
}

function retraction(key: string, sides: Points): Reason | undefined {
  const [one, other] = [sides.from.event(key)?.version, sides.to.event(key)?.version];
  if (!one || !other || one.retracted === other.retracted) return undefined;
  return { why: 'retracted', causes: [key, ...causesOfRetraction(key, sides)] };
}

function correction(key: string, field: string, sides: Points): Reason | undefined {
  const [one, other] = [sides.from.event(key)?.version, sides.to.event(key)?.version];
  if (!one || !other || isDeepStrictEqual(one.body, other.body)) return undefined;
  return { why: 'corrected', causes: [key, ...causesOfCorrection(key, field, sides)] };
}

/** Explains why a fact that holds at `there` is missing at `here`, if it had not happened, been published or recorded. */
function newsSeenFrom(here: PolicyPoint, fact: Fact, there: PolicyPoint): Reason | undefined {
  const seen = here.event(fact.event) ?? there.event(fact.event);
  if (!contains(fact.valid, here.at.validAt)) return { why: 'happened', causes: [fact.event] };
  if (seen && here.at.knownAt < seen.knownFrom)
    return { why: 'published', causes: [fact.event, ...causesOfPublication(fact.event, { from: here, to: there })] };
  if (seen && here.at.recorded < seen.position) return { why: 'recorded-late', causes: [fact.event] };
  return undefined;
}
