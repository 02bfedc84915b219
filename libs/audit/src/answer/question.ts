import * as z from 'zod/mini';
import type { Instant } from '#domain/facts';
import { formatInstant, instant, parseFormattedInstant } from '#domain/stored';

const count = z.int().check(z.minimum(0));

const isWritten = (text: string): boolean => {
  const at = parseFormattedInstant(text);
  return at !== undefined && Number.isFinite(at) && formatInstant(at) === text;
};

/** An instant in UTC with milliseconds. */
export const writtenInstant = z.string().check(z.refine(isWritten, 'is not an instant in UTC with milliseconds'));

/** Reads an instant that was written so. */
export const readWritten = (text: string): Instant => parseFormattedInstant(text) ?? instant(Number.NaN);

/** A coordinate as an answer's proof names it. */
export const writtenCoordinate = z.strictObject({ recorded: count, knownAt: writtenInstant, validAt: writtenInstant });

/** Names of which any may apply; without them there is no filter. */
const anyOf = z.optional(z.array(z.string()));
const instantBound = z.optional(writtenInstant);

/** Bounds on the times of events, each included but for `recordedAfter`. */
const eventTimes = z.optional(
  z.strictObject({
    recordedAfter: z.optional(z.union([z.strictObject({ position: count }), z.strictObject({ at: writtenInstant })])),
    publishedFrom: instantBound,
    publishedTo: instantBound,
    occurredFrom: instantBound,
    occurredTo: instantBound,
  }),
);

/** What was asked about one policy, other than its state, with all names and times resolved. */
export const questionSchema = z.discriminatedUnion('of', [
  z.strictObject({
    of: z.literal('events'),
    order: z.enum(['occurred', 'published', 'recorded']),
    /** Events about records, sources and the service, too. */
    records: z.boolean(),
    retracted: z.boolean(),
    keys: anyOf,
    types: anyOf,
    actors: anyOf,
    /** Those who act on behalf of one of the actors, too. */
    affiliated: z.optional(z.boolean()),
    times: eventTimes,
  }),
  z.strictObject({
    of: z.literal('figures'),
    measures: anyOf,
    unit: z.optional(z.string()),
    claimedBy: z.optional(z.string()),
    epistemic: z.optional(z.string()),
    times: eventTimes,
  }),
  z.strictObject({
    of: z.literal('positions'),
    actors: anyOf,
    /** Each stance in order of occurrence, not only the newest of each actor. */
    all: z.boolean(),
  }),
  z.strictObject({ of: z.literal('negotiations'), counterparties: anyOf }),
  /** What differs from here to the coordinate of the proof. */
  z.strictObject({ of: z.literal('difference'), from: writtenCoordinate }),
]);

/** See the schema. */
export type Question = z.infer<typeof questionSchema>;

type QuestionOf<Of extends Question['of']> = Extract<Question, { readonly of: Of }>;

/** Which events of the policy are listed, and in which order. */
export type EventsQuestion = QuestionOf<'events'>;

/** Which figures of the policy are listed. */
export type FiguresQuestion = QuestionOf<'figures'>;

/** Whose stances are listed. */
export type PositionsQuestion = QuestionOf<'positions'>;

/** Which negotiations of the policy are listed. */
export type NegotiationsQuestion = QuestionOf<'negotiations'>;

/** From where on the differences are asked for. */
export type DifferenceQuestion = QuestionOf<'difference'>;

/** Bounds on the times of events, as a question names them. */
export type WrittenTimes = NonNullable<EventsQuestion['times']>;

/** The question in words, for whoever reads what was verified. */
export function describeQuestion({ of, ...asked }: Question): string {
  const told = Object.entries(asked).filter(([, value]) => value !== false && value !== undefined);
  return told.length === 0
    ? of
    : `${of} with ${told.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')}`;
}
