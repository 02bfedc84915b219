import {
  type Assertion,
  type EventBody,
  FOREVER,
  type Instant,
  type RecordedEvent,
  assertionsOf,
  instant,
} from '#domain';
import { type Interval, contains } from './coordinate.js';
import { type EventStanding, countsInRecord } from './event-standing.js';
import { orderKey } from './order-key.js';
import { ordinalOf } from './view.js';

/** The value of one asserted field; `null` asserts that the field is absent. */
export type AssertedValue = Assertion['value'];

/** What one event asserts of one field, with the stretch of the world's time in which it does. */
export interface DatedAssertion {
  readonly field: string;
  readonly value: AssertedValue;
  readonly event: RecordedEvent;
  /** Where it counts. Empty when redating left nothing. */
  readonly valid: Interval;
  /** Where it may already have begun and is not yet settled: ends where `valid` begins. */
  readonly unsure: Interval;
  /** Compares, as text, by strength: of those that hold at a point the greatest wins. */
  readonly weight: string;
}

/** What an event asserts as it stands: at most one assertion a field, none for a retracted event. */
export function datedAssertionsOf(standing: EventStanding): readonly DatedAssertion[] {
  if (!countsInRecord(standing)) return [];
  const { unsureFrom, validFrom, validTo } = stretchOf(standing);
  const valid = { from: validFrom, to: validTo };
  const unsure = { from: unsureFrom, to: validFrom };
  const weight = weightOf(standing, unsure);
  // Two assertions of one event about one field would tie in everything: the later in the body stands.
  const byField = new Map(assertionsOf(standing.body).map((assertion) => [assertion.field, assertion]));
  return [...byField.values()].map(({ field, value }) => ({
    field,
    value,
    event: standing.event,
    valid,
    unsure,
    weight,
  }));
}

/** That of its order of occurrence, unless the body says apart from when it occurred from when on it counts. */
function weightOf(standing: EventStanding, { from: earliest, to: validFrom }: Interval): string {
  const { settled, rank, knownFrom, body, event, order } = standing;
  if (earliest === standing.earliest && validFrom === settled) return order;
  return orderKey({
    validFrom,
    earliest,
    settled,
    rank,
    knownFrom,
    ordinal: ordinalOf(body),
    position: event.position,
  });
}

/** Where a policy's field is not settled: an assertion that may already hold at the instant asked about. */
export interface Uncertainty {
  readonly field: string;
  readonly value: AssertedValue;
  /** Key of the event that asserts it. */
  readonly event: string;
  /** The earliest instant at which it may hold; infinite when open. */
  readonly from: Instant;
  /** From when on it counts. */
  readonly settled: Instant;
}

/** The uncertainty of an assertion at an instant, if it has one there. */
export const uncertaintyAt = (assertion: DatedAssertion, validAt: Instant): readonly Uncertainty[] =>
  contains(assertion.unsure, validAt)
    ? [
        {
          field: assertion.field,
          value: assertion.value,
          event: assertion.event.key,
          from: assertion.unsure.from,
          settled: assertion.unsure.to,
        },
      ]
    : [];

/** The order in which uncertainties are listed: field, settled start, event key. */
export const inOrderOfUncertainty = (one: Uncertainty, other: Uncertainty): number =>
  compareText(one.field, other.field) || one.settled - other.settled || compareText(one.event, other.event);

/** Compares text by code unit, so that the answer is the same everywhere. */
export const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

interface Stretch {
  readonly unsureFrom: Instant;
  readonly validFrom: Instant;
  readonly validTo: Instant;
}

function stretchOf({ body, earliest, settled }: EventStanding): Stretch {
  const from = body.effective?.from;
  const validTo = endOf(body);
  if (!from) return { unsureFrom: earliest, validFrom: settled, validTo };
  const validFrom = namesDay(from.edtf) ? from.earliest : from.latest;
  return { unsureFrom: from.earliest, validFrom, validTo };
}

const endOf = ({ effective }: EventBody): Instant => (effective?.to ? instant(effective.to.latest + 1) : FOREVER);

const DAY = /^\d{4}-\d{2}-\d{2}[~?]?$/;

const namesDay = (edtf: string): boolean => DAY.test(edtf);
