import type { EventBody } from '../schema/event.js';
import type { RecordGraph } from '../graph/record-graph.js';
import type { Position } from '../values/time.js';

/** An event on record, reduced to what decisions about others need. */
export interface EventOnRecord {
  readonly key: string;
  readonly type: string;
  readonly policy: string;
  readonly target?: string;
  readonly position?: Position;
}

/** Everything on record on which a decision about an event depends. */
export interface Seen {
  policyExists(slug: string): boolean;
  /** An event of any policy. */
  eventOf(key: string): EventOnRecord | undefined;
  /** Keys that the event was ever recorded to follow, by its body or by a correction. */
  followsEver(key: string): readonly string[];
  /**
   * Of a correction: the body of the event that it changes in the end, as it is with the correction and everything on
   * record in force. Absent when that event is not on record, or when nothing is to be judged by it.
   */
  readonly corrected?: EventBody;
  /** The relations between the events of its policy. Absent if the event has none. */
  readonly recorded?: RecordGraph | undefined;
}
