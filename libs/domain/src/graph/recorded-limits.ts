import { type GraphEvent, RecordGraph, type TooLarge } from './record-graph.js';
import type { Rejection } from '../values/rejection.js';

/**
 * Limits on the relations between events.
 *
 * Each record about a record changes the account of everything below it, so the history of a chain grows with the square
 * of its length: that lies in what corrections and retractions mean, and no method makes it less. Beyond these limits an
 * event is refused. They are judged by what is on record when the decision is made and hold nothing open for it, so
 * writers that race can pass one by as many events as there are writers: it bounds work, and need not be exact.
 */

/** Records about records go at most this deep: as deep as JSON may be nested, and so a correction of corrections. */
export const TARGETS_DEEP = 32;

/**
 * At most this many records are about one event, directly or through others: as many as a list holds.
 *
 * Whoever was wrong must be able to say so: beyond the limit a retraction of the event itself is taken while it is not
 * retracted. Nothing can take that one back, so it is the last.
 */
export const RECORDS_ABOUT = 200;

/**
 * At most this many events are dated together: connected by `refines-date-of`, or by `follows` between events of which
 * some date ever recorded can meet.
 */
export const DATED_TOGETHER = 200;

/** At most this many links that date lead from one event: what dates it is looked at again with each of these. */
export const DATING_LINKS = 20;

/** The rejections of an event that would exceed a limit. */
export const limitFaults = (event: GraphEvent, recorded: RecordGraph): readonly Rejection[] => {
  const found = [...targetFaults(event, recorded), ...linkFaults(event)];
  if (found.length > 0 || (event.target === undefined && event.parts.length === 0)) return found;
  const tooLarge = new RecordGraph(recorded).add(event, DATED_TOGETHER);
  return tooLarge ? [tooLargeRejection(tooLarge)] : [];
};

function targetFaults({ type, target }: GraphEvent, recorded: RecordGraph): readonly Rejection[] {
  // Operators must be able to act whatever recorders did.
  if (target === undefined || type.startsWith('operation.')) return [];
  const subject = recorded.subjectOf(target);
  return [
    ...(recorded.depthOf(target) >= TARGETS_DEEP ? [chainTooLong(target, subject)] : []),
    ...(recorded.countAbout(subject) >= RECORDS_ABOUT ? countFaults({ type, target }, subject, recorded) : []),
  ];
}

/** The rejection of one more record about an event that has the most allowed. */
function countFaults(
  { type, target }: Pick<GraphEvent, 'type' | 'target'>,
  subject: string,
  recorded: RecordGraph,
): readonly Rejection[] {
  const isRetracted = recorded.isRetracted(subject);
  if (type === 'record.retracted' && target === subject && !isRetracted) return [];
  return [tooManyAbout(subject, { about: recorded.countAbout(subject), isRetracted })];
}

const linkFaults = ({ parts }: GraphEvent): readonly Rejection[] =>
  parts.flatMap(({ links }) => {
    const first = links[DATING_LINKS];
    return first ? [tooManyLinks(links.length, first.pointer)] : [];
  });

const chainTooLong = (target: string, subject: string): Rejection => ({
  code: 'target-chain-too-long',
  pointer: '/target',
  message: `Records about records can be at most ${TARGETS_DEEP} levels deep, and "${target}" is already that deep. Correct or retract "${subject}" itself instead.`,
});

const tooManyAbout = (
  subject: string,
  { about, isRetracted }: { readonly about: number; readonly isRetracted: boolean },
): Rejection => ({
  code: 'too-many-records-about',
  pointer: '/target',
  message: `There are already ${about} records about "${subject}", directly or through others; at most ${RECORDS_ABOUT} are allowed. ${isRetracted ? `It is retracted: record` : `Retract "${subject}" itself, which is still possible, and record`} the correct facts as a new event, under another key.`,
});

const tooLargeRejection = ({ pointer, larger, together }: TooLarge): Rejection => ({
  code: 'linked-set-too-large',
  pointer,
  message: `With this, the dates of ${together} events would depend on each other through the links follows and refines-date-of; at most ${DATED_TOGETHER} are allowed, and ${larger} are already connected. Leave out links that the order does not depend on: follows is only needed where the dates leave the order open.`,
});

const tooManyLinks = (count: number, pointer: string): Rejection => ({
  code: 'too-many-dating-links',
  pointer,
  message: `The event has ${count} links follows or refines-date-of; at most ${DATING_LINKS} are allowed. Link only to the nearest events: what they follow counts as followed, too.`,
});
