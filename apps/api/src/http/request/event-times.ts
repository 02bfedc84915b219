import { type Instant, startOfDay } from '#domain';
import type { EventTimes } from '#projections';
import { type GivenInstant, type GivenRecord, instantIn, instantParameter, recordParameter } from './coordinates.js';

const from = (description: string) =>
  instantParameter.optional().meta({ description: `${description} A date is its first millisecond.` });

const to = (description: string) =>
  instantParameter.optional().meta({ description: `${description} A date is its last millisecond.` });

/** Bounds on the times of events. */
export const eventTimeParameters = {
  recordedAfter: recordParameter.optional().meta({
    description:
      'Only events recorded later: after a position (`@41`), an instant or a day. With the position of an earlier answer: what is new since then.',
    examples: ['@41'],
  }),
  publishedFrom: from('Only events published then or later.'),
  publishedTo: to('Only events published then or before.'),
  occurredFrom: from('Only events that can have happened then or later.'),
  occurredTo: to('Only events that can have happened then or before.'),
};

/** The bounds as a query gives them. */
export interface GivenTimes {
  readonly recordedAfter?: GivenRecord | undefined;
  readonly publishedFrom?: GivenInstant | undefined;
  readonly publishedTo?: GivenInstant | undefined;
  readonly occurredFrom?: GivenInstant | undefined;
  readonly occurredTo?: GivenInstant | undefined;
}

/** Resolves days in the given zone: a stretch begins with the first millisecond of its first day and ends with the last of its last. */
export const eventTimesIn = (
  { recordedAfter, publishedFrom, publishedTo, occurredFrom, occurredTo }: GivenTimes,
  zone: string,
): EventTimes => ({
  recordedAfter:
    recordedAfter === undefined || 'position' in recordedAfter ? recordedAfter : { at: instantIn(recordedAfter, zone) },
  publishedFrom: publishedFrom && beginningOf(publishedFrom, zone),
  publishedTo: publishedTo && instantIn(publishedTo, zone),
  occurredFrom: occurredFrom && beginningOf(occurredFrom, zone),
  occurredTo: occurredTo && instantIn(occurredTo, zone),
});

const beginningOf = (given: GivenInstant, zone: string): Instant =>
  'at' in given ? given.at : startOfDay(given.day, zone);
