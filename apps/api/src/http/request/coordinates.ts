import { z } from 'zod';
import {
  type Instant,
  type Position,
  endOfDay,
  formatInstant,
  instant,
  parseDay,
  parseInstant,
  position,
} from '#domain';
import type { CoordinateRequest } from '#projections';

/** An instant as a query gives it: exact, or a whole day of the configured zone. */
export type GivenInstant = { readonly at: Instant } | { readonly day: string };

/** A recorded time as a query gives it: a position, an instant or a day. */
export type GivenRecord = { readonly position: Position } | GivenInstant;

const A_POSITION = /^@(\d{1,15})$/;

const EPOCH_MS = /^\d{13}$/;
const SAYS_INSTANT = 'must be a date like 2025-07-08 or an RFC 3339 instant like 2025-07-08T12:00:00Z';

/** An instant, or a day. */
export const instantParameter = z
  .string()
  .transform(
    (text, context): GivenInstant => parseInstantOrDay(text) ?? refuse(context, `${SAYS_INSTANT}${whyNot(text)}`),
  )
  .meta({
    description:
      'A date (its last millisecond in the configured time zone), an RFC 3339 instant, or milliseconds since 1970 (13 digits).',
    examples: ['2025-07-08'],
  });

/** A recorded time: a position, an instant or a day. */
export const recordParameter = z
  .string()
  .transform(
    (text, context): GivenRecord =>
      parseRecord(text) ?? refuse(context, `${SAYS_INSTANT}, or a position like @41${whyNot(text)}`),
  )
  .meta({
    description: 'A date, an RFC 3339 instant, or `@` and a position of the log.',
    examples: ['@41', '2025-07-08'],
  });

/** The three times of one coordinate, each optional. */
export const coordinateParameters = {
  knownAt: instantParameter.optional().meta({
    description:
      'What the public could know at that time. Default: now, or the instant of `recordedAt` if that is given.',
  }),
  validAt: instantParameter
    .optional()
    .meta({ description: 'The time in the world that the question is about. Default: the same as `knownAt`.' }),
  recordedAt: recordParameter
    .optional()
    .meta({ description: 'What was recorded at that time: a date, an instant, or `@position`. Default: everything.' }),
};

/** The three times as a query gives them. */
export interface GivenCoordinate {
  readonly knownAt?: GivenInstant | undefined;
  readonly validAt?: GivenInstant | undefined;
  readonly recordedAt?: GivenRecord | undefined;
}

/** Resolves days in the given zone: a bare date means the last millisecond of that day. */
export function coordinateRequest({ knownAt, validAt, recordedAt }: GivenCoordinate, zone: string): CoordinateRequest {
  return {
    ...(knownAt === undefined ? {} : { knownAt: instantIn(knownAt, zone) }),
    ...(validAt === undefined ? {} : { validAt: instantIn(validAt, zone) }),
    ...(recordedAt === undefined
      ? {}
      : { recordedAt: 'position' in recordedAt ? recordedAt : { at: instantIn(recordedAt, zone) } }),
  };
}

/** The instant that is given, of a day its last. */
export const instantIn = (given: GivenInstant, zone: string): Instant =>
  'at' in given ? given.at : endOfDay(given.day, zone);

function parseRecord(text: string): GivenRecord | undefined {
  const [, digits] = A_POSITION.exec(text) ?? [];
  return digits === undefined ? parseInstantOrDay(text) : { position: position(Number(digits)) };
}

/** A `+` that was not percent-encoded arrives as a space; a time has one only in its offset. */
const withOffset = (text: string): string => text.replace(/ (?=\d{2}:\d{2}$)/, '+');

function parseInstantOrDay(text: string): GivenInstant | undefined {
  if (parseDay(text) !== undefined) return { day: text };
  const at = EPOCH_MS.test(text) ? instant(Number(text)) : parseInstant(withOffset(text));
  return at === undefined || !isShowable(at) ? undefined : { at };
}

/** The last instant that a Date can be (ECMA-262, section 21.4.1.1). */
const LAST_DATE_MS = 8.64e15;

/** True for an instant of the years 0001 to 9999, which can be written and read again. */
export const isShowable = (at: Instant): boolean =>
  Math.abs(at) <= LAST_DATE_MS && parseInstant(formatInstant(at)) !== undefined;

/** Explains what is wrong with a time, if known, as the end of a sentence. */
function whyNot(text: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})(?=T|$)/.exec(text) ?? [];
  if (year !== undefined && parseDay(text.slice(0, 10)) === undefined)
    return `; ${whyNoDay({ year: Number(year), month: Number(month), day: Number(day) })}`;
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text)) return '; this instant has no offset: add Z, or one like %2B01:00';
  if (/^\d{4}(-\d{2})?$/.test(text)) return '; add the day';
  if (/^\d{10}$/.test(text)) return '; write seconds since 1970 as milliseconds, with three more digits';
  return '';
}

function whyNoDay({
  year,
  month,
  day,
}: {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}): string {
  if (year < 1) return 'the first year is 0001';
  if (month < 1 || month > 12) return `there is no month ${month}`;
  if (day < 1) return 'days start at 01';
  const last = new Date(Date.UTC(2000, month, 0));
  last.setUTCFullYear(year, month, 0);
  const name = last.toLocaleString('en', { month: 'long', timeZone: 'UTC' });
  return `${name} ${year} has ${last.getUTCDate()} days`;
}

function refuse(context: z.core.$RefinementCtx<string>, message: string): never {
  context.issues.push({ code: 'custom', message, input: context.value });
  return z.NEVER;
}
