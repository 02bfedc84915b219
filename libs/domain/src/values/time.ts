/** Milliseconds since 1970-01-01T00:00Z; open ends are ±Infinity. */
export type Instant = number & { readonly brand: 'Instant' };

/** The position of an event in the log, counted from 1; 0 is before the first event. */
export type Position = number & { readonly brand: 'Position' };

/** The position of an event in its stream, counted from 0. */
export type Revision = number & { readonly brand: 'Revision' };

export const instant = (ms: number): Instant => ms as Instant;
export const position = (place: number): Position => place as Position;
export const revision = (place: number): Revision => place as Revision;

/** Before every instant: an open lower end. */
export const BEGINNING = instant(-Infinity);

/** After every instant: an open upper end. */
export const FOREVER = instant(Infinity);

/** RFC 3339 in UTC with milliseconds. The instant must be finite. */
export const formatInstant = (at: Instant): string => new Date(at).toISOString();

/** The format of {@link formatInstant}, which nearly all instants have that are read. */
const OWN_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Reads an instant that {@link formatInstant} wrote; undefined for anything else. */
export function parseFormattedInstant(text: string): Instant | undefined {
  const ms = OWN_INSTANT.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? undefined : instant(ms);
}

/** A day of the calendar, of the years 0001 to 9999. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** True if the day exists in the calendar. */
export const isCalendarDay = ({ year, month, day }: CalendarDay): boolean =>
  year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

/** The number of days in a month, 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Reads a full day, `YYYY-MM-DD`; undefined for anything else, days that the calendar lacks included. */
export function parseDay(text: string): CalendarDay | undefined {
  const [, year, month, day] = DAY.exec(text) ?? [];
  const parsed = { year: Number(year), month: Number(month), day: Number(day) };
  return isCalendarDay(parsed) ? parsed : undefined;
}
