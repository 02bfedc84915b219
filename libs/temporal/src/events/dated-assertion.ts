import {
  type Assertion,
  assertionsOf,
  FOREVER,
  type Instant,
  instant,
  isPlan,
  type RecordedEvent,
} from '#domain/facts';
import { ordinalOf } from '../records/account.js';
import { type Interval, contains } from '../time/coordinate.js';
import { type EventVersion, isInRecord } from './event-version.js';
import { orderKey } from './order-key.js';

/** The value of one asserted field; `null` asserts that the field is absent. */
export type AssertedValue = Assertion['value'];

/** The value that one event asserts for one field, with the interval of valid time for which it does. */
export interface DatedAssertion {
  readonly field: string;
  readonly value: AssertedValue;
  readonly event: RecordedEvent;
  /** The interval in which it counts; empty if a change of its date left nothing. */
  readonly valid: Interval;
  /** The interval in which it may already hold but is not settled yet; ends where `valid` begins. */
  readonly uncertain: Interval;
  /** The bounds within which it began to hold, both inclusive. */
  readonly begun: Interval;
  /** True if it is ordered by the first of these bounds only, so that its order among others may be unknown. */
  readonly isVague: boolean;
  /** The strength, compared as text: of the assertions that hold at a point the greatest wins. */
  readonly weight: string;
}

/** Dates the assertions of an event version: at most one per field, none for a retracted event. */
export function datedAssertionsOf(version: EventVersion): readonly DatedAssertion[] {
  if (!isInRecord(version)) return [];
  const stretch = stretchOf(version);
  const weight = weightOf(version, stretch);
  // Two assertions of one event about one field would tie in everything: the later in the body wins.
  const byField = new Map(assertionsOf(version.body).map((assertion) => [assertion.field, assertion]));
  return [...byField.values()].map(({ field, value }) => ({
    field,
    value,
    event: version.event,
    ...stretch,
    weight,
  }));
}

/** The weight follows the order of occurrence, unless `effective` says when it begins, or that it ended before it settled. */
function weightOf(version: EventVersion, { begun, valid }: Stretch): string {
  const { settled, orderedAt, rank, knownFrom, body, event, order } = version;
  const isDatedApart = body.effective?.from !== undefined;
  if (!isDatedApart && orderedAt <= valid.from) return order;
  return orderKey({
    orderedAt: valid.from,
    earliest: begun.from,
    settled,
    rank,
    knownFrom,
    ordinal: ordinalOf(body),
    position: event.position,
  });
}

/** An assertion that may already hold at an instant, but is not settled there. */
export interface Uncertainty {
  readonly field: string;
  readonly value: AssertedValue;
  /** Key of the event that asserts it. */
  readonly event: string;
  /** The earliest instant at which it may hold; infinite when open. */
  readonly from: Instant;
  /** The instant from which it counts. */
  readonly settled: Instant;
}

/** The uncertainty of an assertion at an instant: one, or none. */
export const uncertaintyAt = (assertion: DatedAssertion, validAt: Instant): readonly Uncertainty[] =>
  contains(assertion.uncertain, validAt)
    ? [
        {
          field: assertion.field,
          value: assertion.value,
          event: assertion.event.key,
          from: assertion.uncertain.from,
          settled: assertion.uncertain.to,
        },
      ]
    : [];

/**
 * Selects and orders the uncertainties that an answer lists, given the facts that hold there.
 *
 * That a plan may already have ended is listed only if there is such a plan: a link that ends plans names an event only.
 */
export function listUncertainties(
  uncertainties: readonly Uncertainty[],
  facts: Iterable<{ readonly field: string; readonly value: AssertedValue }>,
): readonly Uncertainty[] {
  const endings = uncertainties.filter(endsPlan);
  if (endings.length === 0) return uncertainties.toSorted(inOrderOfUncertainty);
  const present = new Set([...facts].filter(({ value }) => value !== null).map(({ field }) => field));
  return uncertainties
    .filter((uncertainty) => !endsPlan(uncertainty) || present.has(uncertainty.field))
    .toSorted(inOrderOfUncertainty);
}

const endsPlan = ({ field, value }: Uncertainty): boolean => value === null && isPlan(field);

/** The order in which uncertainties are listed: field, settled start, event key. */
const inOrderOfUncertainty = (one: Uncertainty, other: Uncertainty): number =>
  compareText(one.field, other.field) || one.settled - other.settled || compareText(one.event, other.event);

/** Compares text by code unit, so that the answer is the same everywhere. */
export const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

type Stretch = Pick<DatedAssertion, 'valid' | 'uncertain' | 'begun' | 'isVague'>;

function stretchOf(version: EventVersion): Stretch {
  const { body, earliest, latest, isVague } = version;
  const { from, to } = body.effective ?? {};
  const end = to ? instant(to.latest + 1) : FOREVER;
  const begun = from ? { from: from.earliest, to: from.latest } : { from: earliest, to: latest };
  const start = from ? (namesDay(from.edtf) ? from.earliest : from.latest) : settledBy(version, to?.latest);
  return {
    valid: { from: start, to: end },
    uncertain: { from: begun.from, to: start < end ? start : end },
    begun,
    isVague: isVague && !from,
  };
}

/** What has ended must have begun: it is settled at its end at the latest, but not before it can have begun. */
function settledBy({ earliest, settled }: EventVersion, lastOfEnd: Instant | undefined): Instant {
  if (lastOfEnd === undefined || settled <= lastOfEnd) return settled;
  return lastOfEnd < earliest ? earliest : lastOfEnd;
}

const DAY = /^\d{4}-\d{2}-\d{2}[~?]?$/;

const namesDay = (edtf: string): boolean => DAY.test(edtf);
