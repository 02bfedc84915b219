import type { Instant, RecordedEvent } from '#domain/facts';
import { formatInstant } from '#domain/stored';
import type { EntryObject } from '#event-log/canonical';
import type { Coordinate, PausingWork } from '#temporal/fold';
import type { Question } from '../question.js';

/** What is answered again, from the events of a policy alone. */
export interface Recounted {
  readonly policy: string;
  readonly question: Question;
  /** All events of the policy, in order of position. */
  readonly events: readonly RecordedEvent[];
  readonly at: Coordinate;
}

/** The whole answer to a question: all rows of a list, in order; or the one document that is no list. */
export type Recount = { readonly rows: readonly EntryObject[] } | { readonly document: EntryObject };

/** Answers a question again in steps; undefined for one that this program cannot answer by itself. */
export type RecountSteps = (recounted: Recounted) => PausingWork<Recount | undefined>;

/** Which rows of a list an answer shows. */
export interface ShownRows {
  /** The place of the first among all rows, from 1. */
  readonly first: number;
  readonly length: number;
}

/** What an answer shows of all that there is: a page says which rows it has, of how many. */
export const showRecount = (recount: Recount, { first, length }: ShownRows): EntryObject =>
  'document' in recount
    ? recount.document
    : { first, count: recount.rows.length, items: recount.rows.slice(first - 1, first - 1 + length) };

/** A value as it reads from its JSON form. */
export function asJson(shown: object): EntryObject {
  const json: EntryObject = JSON.parse(JSON.stringify(shown));
  return json;
}

/** An instant as answers show it; null where it is open. */
export const writtenOrOpen = (at: Instant): string | null => (Number.isFinite(at) ? formatInstant(at) : null);
