import type { PolicyEvent } from '../../http/answers.js';

/** The end of the log as it grows on a page: the newest events first. */
export interface Tail {
  readonly shown: readonly PolicyEvent[];
  /** What came while the reader had paused. */
  readonly held: readonly PolicyEvent[];
  readonly isPaused: boolean;
}

/** A tail to which nothing has come. */
export const EMPTY_TAIL: Tail = { shown: [], held: [], isPaused: false };

/** So many events are kept; older ones are found by search. */
const MOST_EVENTS = 200;

/** Puts an event in front; while paused it is held back. */
export function addToTail(tail: Tail, event: PolicyEvent): Tail {
  const place = tail.isPaused ? 'held' : 'shown';
  return { ...tail, [place]: [event, ...tail[place]].slice(0, MOST_EVENTS) };
}

/** Pauses, or goes on with what was held back. */
export function pauseOrGoOn({ shown, held, isPaused }: Tail): Tail {
  return isPaused
    ? { shown: [...held, ...shown].slice(0, MOST_EVENTS), held: [], isPaused: false }
    : { shown, held, isPaused: true };
}

/** The event of a message of the stream (CloudEvents); undefined for the registration of a policy, which is no event. */
export function eventOfMessage(text: string): PolicyEvent | undefined {
  const { data }: { readonly data: PolicyEvent } = JSON.parse(text);
  return data.type === 'policy.registered' ? undefined : data;
}
