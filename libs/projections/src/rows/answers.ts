import type { Instant, Position } from '#domain';
import type { Coordinate } from '#temporal';

/** A coordinate as asked for: what is left out takes its default. */
export interface CoordinateRequest {
  readonly recordedAt?: { readonly position: Position } | { readonly at: Instant };
  readonly knownAt?: Instant;
  readonly validAt?: Instant;
}

/** A coordinate with nothing left open, and when its last position was recorded (null before the first). */
export interface ResolvedCoordinate extends Coordinate {
  readonly recordedAt: Instant | null;
}

/** The coordinates of a comparison. */
export interface Between {
  readonly from: ResolvedCoordinate;
  readonly to: ResolvedCoordinate;
}

/** One page of a list: at most `limit` items after the mark that the page before ended with. */
export interface Page {
  readonly limit: number;
  readonly after?: string;
  /** How long its items may be together, in characters of JSON; as long as is usual unless told. */
  readonly length?: number;
}

/** One page of items, with the mark after which the next begins; absent on the last. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly after?: string;
  /** Where nothing was found because no row has a name that was asked for: names that are like it. */
  readonly near?: readonly string[];
}

/** How an answer was found: in the boxes that are kept, or by folding the events again. */
export type Engine = 'facts' | 'replay';

/** An answer, where it holds, and how far the read side had come. */
export interface Answered<Answer, At = ResolvedCoordinate> {
  readonly outcome: 'answered';
  readonly answer: Answer;
  readonly coordinate: At;
  readonly engine: Engine;
  /** The last position that the read models hold. */
  readonly position: Position;
  /** How far they are behind the log, in milliseconds. */
  readonly lagMs: number;
}

/** Why a read has no answer. */
export type ReadRefusal =
  /** No policy has or had this name; `near` is one like it. */
  | { readonly outcome: 'unknown-policy'; readonly name: string; readonly near?: string | undefined }
  | { readonly outcome: 'not-recorded-yet'; readonly since: Position }
  /** The policy's registration was withdrawn at a position, by the retraction of that key. */
  | { readonly outcome: 'withdrawn'; readonly since: Position; readonly by: string }
  | { readonly outcome: 'unknown-event' }
  | { readonly outcome: 'beyond-head'; readonly head: Position }
  /** The position asked for is in the log, and the read models did not reach it in time. */
  | { readonly outcome: 'behind'; readonly reached: Position }
  | { readonly outcome: 'in-future' }
  /** Events can still be recorded at or before the instant asked for: an append was under way all the time. */
  | { readonly outcome: 'not-settled' };

/** What a read comes to: an answer, another name to ask under, or a refusal. */
export type ReadOutcome<Answer, At = ResolvedCoordinate> =
  Answered<Answer, At> | { readonly outcome: 'alias'; readonly slug: string } | ReadRefusal;

/** Another name to ask under, or a refusal. What is told apart from it must have no field `outcome`. */
export type Unanswered = Exclude<ReadOutcome<unknown>, { outcome: 'answered' }>;
