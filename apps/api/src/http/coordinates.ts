import { z } from 'zod';
import { type Instant, type Position, endOfDay, parseDay, parseInstant, position } from '#domain';
import type { CoordinateRequest } from '#projections';

/** An instant as a query gives it: exact, or a whole day of the configured zone. */
export type GivenInstant = { readonly at: Instant } | { readonly day: string };

/** A place in the record as a query gives it. */
export type GivenRecord = { readonly position: Position } | GivenInstant;

const A_POSITION = /^@(\d{1,15})$/;

const SAYS_INSTANT = 'must be a date like 2025-07-08 or an RFC 3339 instant like 2025-07-08T12:00:00Z';

const instantParameter = z
  .string()
  .transform((text, context): GivenInstant => givenInstant(text) ?? refuse(context, SAYS_INSTANT))
  .meta({
    description: 'A date (its last millisecond in the configured time zone) or an RFC 3339 instant.',
    examples: ['2025-07-08'],
  });

const recordParameter = z
  .string()
  .transform(
    (text, context): GivenRecord => givenRecord(text) ?? refuse(context, `${SAYS_INSTANT}, or a position like @41`),
  )
  .meta({
    description: 'A date, an RFC 3339 instant, or `@` and a position of the log.',
    examples: ['@41', '2025-07-08'],
  });

/** The three times of one coordinate, each optional. */
export const coordinateParameters = {
  knownAt: instantParameter
    .optional()
    .meta({ description: 'What the public could know by then. Default: now, or the instant of the record asked for.' }),
  validAt: instantParameter.optional().meta({ description: 'When in the world. Default: the same as `knownAt`.' }),
  recordedAt: recordParameter
    .optional()
    .meta({ description: 'What was recorded by then: a date, an instant, or `@position`. Default: all.' }),
};

/** A query that has those three. */
export interface GivenCoordinate {
  readonly knownAt?: GivenInstant | undefined;
  readonly validAt?: GivenInstant | undefined;
  readonly recordedAt?: GivenRecord | undefined;
}

/** Reads whole days in their zone: a bare date stands for that day's last millisecond. */
export function coordinateRequest({ knownAt, validAt, recordedAt }: GivenCoordinate, zone: string): CoordinateRequest {
  return {
    ...(knownAt === undefined ? {} : { knownAt: instantIn(knownAt, zone) }),
    ...(validAt === undefined ? {} : { validAt: instantIn(validAt, zone) }),
    ...(recordedAt === undefined
      ? {}
      : { recordedAt: 'position' in recordedAt ? recordedAt : { at: instantIn(recordedAt, zone) } }),
  };
}

const instantIn = (given: GivenInstant, zone: string): Instant =>
  'at' in given ? given.at : endOfDay(given.day, zone);

function givenRecord(text: string): GivenRecord | undefined {
  const [, digits] = A_POSITION.exec(text) ?? [];
  return digits === undefined ? givenInstant(text) : { position: position(Number(digits)) };
}

function givenInstant(text: string): GivenInstant | undefined {
  if (parseDay(text) !== undefined) return { day: text };
  const at = parseInstant(text);
  return at === undefined ? undefined : { at };
}

function refuse(context: z.core.$RefinementCtx<string>, message: string): never {
  context.issues.push({ code: 'custom', message, input: context.value });
  return z.NEVER;
}
