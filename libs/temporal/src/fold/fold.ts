import type { Instant, RecordedEvent } from '#domain/facts';
import { type Coordinate, contains } from '../time/coordinate.js';
import {
  type AssertedValue,
  type DatedAssertion,
  type Uncertainty,
  compareText,
  datedAssertionsOf,
  listUncertainties,
  uncertaintyAt,
} from '../events/dated-assertion.js';
import { type EventVersion, type VersionWithRecords, isInRecord, versionSteps } from '../events/event-version.js';
import { PolicyHistory } from '../records/policy-history.js';
import { viewAt } from '../records/view.js';
import { type PausingWork, finish } from '../time/pausing-work.js';

/** The version of the rules of the fold. Part of every answer; raised whenever an answer could differ. */
export const FOLD_VERSION = 2;

/** The value that holds for one field, and the event that asserts it. */
export interface Fact {
  readonly field: string;
  /** `null`: the field was asserted to be absent, so it is not in the state. */
  readonly value: AssertedValue;
  /** Key of the event whose assertion won. */
  readonly event: string;
  /** The interval in which the winning assertion counts, as dated at this coordinate. */
  readonly valid: DatedAssertion['valid'];
}

/** The state of one policy at one coordinate. */
export interface PolicyState {
  readonly at: Coordinate;
  /** One fact for each field that was asserted at this coordinate, in order of field; absences included. */
  readonly facts: ReadonlyMap<string, Fact>;
  /** Ordered by field, settled start, event key. */
  readonly uncertain: readonly Uncertainty[];
  /** Every known event, the retracted ones and those about records included, in order of occurrence. */
  readonly versions: readonly VersionWithRecords[];
}

/**
 * Computes the state of one policy at a coordinate from its events alone.
 *
 * Pure and total: no clock, no look-up, an answer for every input. Takes the policy's events in order of position;
 * those after `at.recorded` are ignored.
 */
export const stateAt = (events: readonly RecordedEvent[], at: Coordinate): PolicyState =>
  finish(stateSteps(events, at));

/** {@link stateAt} in steps. */
export function* stateSteps(events: readonly RecordedEvent[], at: Coordinate): PausingWork<PolicyState> {
  const versions = yield* knownSteps(events, at);
  yield;
  const assertions = versions.flatMap(datedAssertionsOf);
  yield;
  const facts = maximalAt(assertions, at);
  const uncertain = assertions.flatMap((assertion) => uncertaintyAt(assertion, at.validAt));
  return {
    at,
    facts,
    uncertain: listUncertainties(uncertain, facts.values()),
    versions,
  };
}

/** Every event that is known at a coordinate as it stands there, in order of occurrence; in steps. */
export function* knownSteps(
  events: readonly RecordedEvent[],
  at: Coordinate,
): PausingWork<readonly VersionWithRecords[]> {
  const history = yield* historySteps(events, at);
  const known = yield* versionSteps(history.events, viewAt(history, at));
  return known.toSorted(inOrderOfOccurrence);
}

/** What an event asserts that holds at an instant, whatever else does. */
export const assertionsAt = (version: VersionWithRecords, validAt: Instant): readonly DatedAssertion[] =>
  datedAssertionsOf(version).filter(({ valid }) => contains(valid, validAt));

/** The history of a policy up to what is recorded at a coordinate. */
export function* historySteps(
  events: readonly RecordedEvent[],
  { recorded }: Pick<Coordinate, 'recorded'>,
): PausingWork<PolicyHistory> {
  const history = new PolicyHistory();
  for (const event of events) {
    if (event.position <= recorded) history.add(event);
    yield;
  }
  return history;
}

/** Keys of the events in force, in order of occurrence; those about records do not count. */
export const keysInForce = ({ versions }: Pick<PolicyState, 'versions'>): readonly string[] =>
  versions.filter(isInRecord).map(({ event }) => event.key);

/** Compares events by occurrence, the order of a timeline. */
export const inOrderOfOccurrence = (one: EventVersion, other: EventVersion): number =>
  compareText(one.order, other.order);

function maximalAt(assertions: readonly DatedAssertion[], { validAt }: Coordinate): ReadonlyMap<string, Fact> {
  const strongest = new Map<string, DatedAssertion>();
  for (const assertion of assertions) {
    if (!contains(assertion.valid, validAt)) continue;
    const rival = strongest.get(assertion.field);
    if (!rival || rival.weight < assertion.weight) strongest.set(assertion.field, assertion);
  }
  return new Map(
    [...strongest.values()]
      .toSorted((one, other) => compareText(one.field, other.field))
      .map(({ field, value, event, valid }) => [field, { field, value, event: event.key, valid }]),
  );
}
