import { type Instant, instant } from '#domain';
import type { EventVersion } from '#temporal';

/** When an event happened, as it is dated at one state of knowledge. Bounds are inclusive; an open one is infinite. */
export interface EventDates {
  /** As the body in force says. */
  readonly edtf: string;
  readonly earliest: Instant;
  readonly latest: Instant;
  /** By then it had happened. */
  readonly settled: Instant;
}

/** The dates of one version of an event. */
export const datesOf = ({ body, earliest, latest, settled }: EventVersion): EventDates => ({
  edtf: body.occurred.edtf,
  earliest,
  latest,
  settled,
});

/** The last instant at which an event can have happened: its latest bound, or by when a publication settles it. */
export const lastOf = ({ latest, settled }: Pick<EventDates, 'latest' | 'settled'>): Instant =>
  latest < settled ? latest : settled;

/** A number of days that is known to lie between two others, both included; `null` where a bound is open. */
export interface DayRange {
  readonly min: number | null;
  readonly max: number | null;
}

/** A stretch of time in which something happened. */
export interface Stretch {
  readonly earliest: Instant;
  readonly latest: Instant;
}

const DAY_MS = 86_400_000;

/** An hour is added or lost where the clocks change. */
const CLOCK_CHANGE_MS = 3_600_000;

/**
 * The days from one stretch to another, as days of the calendar: from the 3rd to the 5th is 2.
 *
 * Bounds of dates are the first and the last millisecond of a day, so whole days lie between them but for the hour of a
 * change of clocks. Where an instant within a day leaves that in doubt, the range is wider by a day.
 */
export const daysBetween = (from: Stretch, to: Stretch): DayRange => ({
  min: shownDays(
    endsDay(from.latest) ? daysSince(instant(from.latest + 1), to.earliest) + 1 : daysSince(from.latest, to.earliest),
  ),
  max: shownDays(daysSince(from.earliest, to.latest)),
});

/** Whole days since the beginning of a day. */
const daysSince = (dayBegin: Instant, at: Instant): number =>
  endsDay(at) ? Math.round((at + 1 - dayBegin) / DAY_MS) - 1 : Math.floor((at - dayBegin + CLOCK_CHANGE_MS) / DAY_MS);

const endsDay = (at: Instant): boolean => (at + 1) % CLOCK_CHANGE_MS === 0;

const shownDays = (days: number): number | null => (Number.isFinite(days) ? days : null);
