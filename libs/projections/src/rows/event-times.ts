import { type Instant, type Position, formatInstant } from '#domain';
import type { Bind } from './steps.js';

/** Bounds on the times of events, each included but for `recordedAfter`; what is undefined does not filter. */
export interface EventTimes {
  readonly recordedAfter?: { readonly position: Position } | { readonly at: Instant } | undefined;
  /** Of an event's own publication: the beginning of the day where only that is known. */
  readonly publishedFrom?: Instant | undefined;
  readonly publishedTo?: Instant | undefined;
  /** Events are shown that can have happened in the stretch, whether or not their dates settle it. */
  readonly occurredFrom?: Instant | undefined;
  readonly occurredTo?: Instant | undefined;
}

/** SQL conditions that hold for the rows of an alias for the timeline whose events lie within the bounds. */
export function timeConditions(row: string, times: EventTimes, bind: Bind): readonly string[] {
  const { recordedAfter, publishedFrom, publishedTo, occurredFrom, occurredTo } = times;
  const published = `(${row}.marks ->> 'ownPublication')::float8`;
  return [
    ...(recordedAfter === undefined
      ? []
      : 'position' in recordedAfter
        ? [`${row}.position > ${bind(recordedAfter.position)}`]
        : [`${row}.recorded_at > ${bind(recordedAfter.at)}`]),
    ...(publishedFrom === undefined ? [] : [`${published} >= ${bind(publishedFrom)}`]),
    ...(publishedTo === undefined ? [] : [`${published} <= ${bind(publishedTo)}`]),
    ...(occurredFrom === undefined
      ? []
      : [`coalesce(${row}.marks ->> 'latest' >= ${asMark(occurredFrom, bind)}, true)`]),
    ...(occurredTo === undefined ? [] : [`coalesce(${row}.marks ->> 'earliest' <= ${asMark(occurredTo, bind)}, true)`]),
  ];
}

/** Marks are instants as text of one length, which compares as they do. */
const asMark = (at: Instant, bind: Bind): string => `${bind(formatInstant(at))}::text COLLATE "C"`;
