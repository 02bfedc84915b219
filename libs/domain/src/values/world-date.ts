import { Temporal } from 'temporal-polyfill';
import {
  BEGINNING,
  type CalendarDay,
  FOREVER,
  type Instant,
  daysInMonth,
  instant,
  isCalendarDay,
  parseDay,
} from './time.js';

/**
 * A date of the world in one of the supported forms of EDTF, with its bounds.
 *
 * Bounds are inclusive milliseconds in the zone in which it was read; an open end is infinite. For a state that lasts
 * (`a/b`) and for one unknown moment (`[a..b]`) alike they are the first and the last instant named.
 * Source: ISO 8601-2 (EDTF), the forms of {@link EDTF_FORMS} only.
 */
export interface WorldDate {
  readonly edtf: string;
  readonly earliest: Instant;
  readonly latest: Instant;
}

/** When something was published: the text as given, and the first instant at which it could be known. */
export interface Publication {
  readonly text: string;
  readonly from: Instant;
}

/** The accepted forms, for messages and documents. */
export const EDTF_FORMS =
  '2025-07-10, 2025-07, 2025, 2024-07~, 2025-01/2025-06, ../2024, [2025-04-16..2025-07-06] or [..2023-08]';

/** The reason why a text is not a date of the world. */
export type DateFault = 'outside-profile' | 'inverted';

/**
 * How exactly a date of the world is given: a day, a month or a year; an interval with an end on at least one side or a
 * moment between two dates; or a moment of which only one bound is known.
 */
export const DATE_PRECISIONS = ['day', 'month', 'year', 'interval', 'unknown'] as const;
export type DatePrecision = (typeof DATE_PRECISIONS)[number];

const BY_LENGTH: Readonly<Record<number, DatePrecision>> = { 10: 'day', 7: 'month', 4: 'year' };

/** The precision of an accepted date, from its text; `~` and `?` play no part in it. */
export function precisionOf(edtf: string): DatePrecision {
  if (edtf.includes('/')) return 'interval';
  if (edtf.startsWith('[')) return /^\[\.\.|\.\.\]$/.test(edtf) ? 'unknown' : 'interval';
  return BY_LENGTH[edtf.replace(APPROXIMATE, '').length] ?? 'unknown';
}

const APPROXIMATE = /[~?]/;

/** True for a date that is given as approximate or uncertain (`~` or `?`) on any side. */
export const isApproximate = (edtf: string): boolean => APPROXIMATE.test(edtf);

/** Reads a date of the world, or returns the reason why it is not one. `~` and `?` do not widen the bounds. */
export function readWorldDate(edtf: string, zone: string): WorldDate | DateFault {
  const ends = endsOf(edtf);
  if (!ends) return 'outside-profile';
  const [first, last] = ends;
  if (first && last && compareDays(first.first, last.last) > 0) return 'inverted';
  return {
    edtf,
    earliest: first ? firstInstantOf(first.first, zone) : BEGINNING,
    latest: last ? lastInstantOf(last.last, zone) : FOREVER,
  };
}

/** Reads a date of the world; undefined for any other text. */
export function parseWorldDate(edtf: string, zone: string): WorldDate | undefined {
  const read = readWorldDate(edtf, zone);
  return typeof read === 'string' ? undefined : read;
}

/** Reads a publication: a full day, known from its first millisecond in the zone, or an instant with an offset. */
export function parsePublication(text: string, zone: string): Publication | undefined {
  const day = parseDay(text);
  const from = day ? firstInstantOf(day, zone) : parseInstant(text);
  return from === undefined ? undefined : { text, from };
}

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 instant with an offset, cut to milliseconds; undefined for anything else. */
export function parseInstant(text: string): Instant | undefined {
  const [, year = '', month = '', day = ''] = INSTANT.exec(text) ?? [];
  if (!isCalendarDay({ year: Number(year), month: Number(month), day: Number(day) })) return undefined;
  try {
    return instant(Temporal.Instant.from(text).epochMilliseconds);
  } catch {
    return undefined;
  }
}

/** The days that a plain date covers. */
interface Days {
  readonly first: CalendarDay;
  readonly last: CalendarDay;
}

type Ends = readonly [first: Days | null, last: Days | null];

const LONGEST = 40;

function endsOf(edtf: string): Ends | undefined {
  if (edtf.length > LONGEST) return undefined;
  const within = /^\[([\d-]*)\.\.([\d-]*)\]$/.exec(edtf);
  if (within) return isOnePrecision(within[1], within[2]) ? parseEnds(within[1], within[2], '') : undefined;
  const slash = edtf.indexOf('/');
  if (slash >= 0) return parseEnds(edtf.slice(0, slash), edtf.slice(slash + 1), '..');
  const days = daysOf(edtf);
  return days && [days, days];
}

/** Two full ends of a set are both days, both months or both years. */
const isOnePrecision = (first = '', last = ''): boolean => first === '' || last === '' || first.length === last.length;

function parseEnds(first: string | undefined, last: string | undefined, open: string): Ends | undefined {
  if (first === open && last === open) return undefined;
  const [from, to] = [first, last].map((end) => (end === open ? null : daysOf(end ?? '')));
  return from === undefined || to === undefined ? undefined : [from, to];
}

const PLAIN = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?[~?]?$/;

function daysOf(text: string): Days | undefined {
  const match = PLAIN.exec(text);
  if (!match) return undefined;
  const year = Number(match[1]);
  const month = match[2] === undefined ? undefined : Number(match[2]);
  const day = match[3] === undefined ? undefined : Number(match[3]);
  const first = { year, month: month ?? 1, day: day ?? 1 };
  if (!isCalendarDay(first)) return undefined;
  return { first, last: { year, month: month ?? 12, day: day ?? daysInMonth(year, month ?? 12) } };
}

const compareDays = (one: CalendarDay, other: CalendarDay): number =>
  one.year - other.year || one.month - other.month || one.day - other.day;

/** The first millisecond of a day in a zone. */
function firstInstantOf(day: CalendarDay, zone: string): Instant {
  return instant(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds);
}

/** The last millisecond of a day in a zone. */
function lastInstantOf(day: CalendarDay, zone: string): Instant {
  return instant(Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - 1);
}

/** The first millisecond of the day written `YYYY-MM-DD`; throws for a text that `parseDay` refuses. */
export const startOfDay = (text: string, zone: string): Instant => firstInstantOf(dayOf(text), zone);

/** The last millisecond of the day written `YYYY-MM-DD`; throws for a text that `parseDay` refuses. */
export const endOfDay = (text: string, zone: string): Instant => lastInstantOf(dayOf(text), zone);

/** The day on which an instant lies in a zone, `YYYY-MM-DD`; the instant must be finite. */
export const dayAt = (at: Instant, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

function dayOf(text: string): CalendarDay {
  const day = parseDay(text);
  if (!day) throw new RangeError(`"${text}" is not a day of the calendar.`);
  return day;
}
