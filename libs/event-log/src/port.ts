import type { LogPosition, StreamRevision } from './positions.js';

/** The state that a stream must have for an append to it: a last revision, no events, some events, or any. */
export type ExpectedRevision = StreamRevision | 'none' | 'exists' | 'any';

/** A value that JSON can hold. */
export type EntryValue = string | number | boolean | null | readonly EntryValue[] | EntryObject;

/** An object that JSON can hold. */
export interface EntryObject {
  readonly [name: string]: EntryValue;
}

/** A value that can be erased later; the body holds only a commitment to it. */
export interface ErasableValue {
  readonly pointer: string;
  readonly salt: string;
  readonly value: string;
}

/** An event to append. */
export interface NewEvent {
  /** A UUID that follows from key and content, so that a retry has the same. */
  readonly id: string;
  /** Unique in the log. */
  readonly key: string;
  readonly type: string;
  /** Canonical JSON (RFC 8785) of the body as it is to be hashed. */
  readonly body: string;
  readonly erasable?: readonly ErasableValue[];
  /** Who recorded it: the id of a key or of a subject, never a name. It stands in the entry, and no id follows from it. */
  readonly by?: string;
}

/** Events for one stream, appended all or none. */
export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** At least one; keys distinct. */
  readonly events: readonly NewEvent[];
  /** Kept with the append; names the request to whoever repeats it. */
  readonly idempotencyKey?: string;
}

/** The location of an event: its position in the log, its revision in its stream, and what names it. */
export interface EventLocation {
  readonly position: LogPosition;
  readonly revision: StreamRevision;
  /** Milliseconds since 1970 UTC; never less than at an earlier position. */
  readonly recordedAt: number;
  readonly id: string;
  readonly key: string;
  readonly stream: string;
}

/**
 * The outcome of a request. Checked in this order: idempotency key, event keys, expected revision.
 *
 * - `appended`: durable, at these locations.
 * - `duplicate`: every event was there already under the same id; nothing was appended.
 * - `conflict`: the stream is not at the expected revision; `actual` is its last, null when it has none.
 * - `key-reused`: another event has one of the keys, or only some of the request's events are there.
 * - `idempotency-key-reused`: the idempotency key came with another event before.
 * - `pending`: durable, without positions yet: the events can be read by these keys once they have them, and
 *   a repeat of the request then answers the locations. Only from logs whose positions are given by another process.
 */
export type AppendOutcome =
  | { readonly outcome: 'appended'; readonly locations: readonly EventLocation[] }
  | { readonly outcome: 'duplicate'; readonly locations: readonly EventLocation[] }
  | { readonly outcome: 'conflict'; readonly actual: StreamRevision | null }
  | { readonly outcome: 'key-reused'; readonly key: string; readonly location: EventLocation }
  | { readonly outcome: 'idempotency-key-reused'; readonly location: EventLocation }
  | { readonly outcome: 'pending'; readonly stream: string; readonly keys: readonly string[] };

/**
 * The outcome for requests that were to be appended together.
 *
 * `events` are those that were appended now; `last` is the last of all, also of those that were there already, 0 when
 * there are none. `index` is that of the request, over all batches, that was refused.
 */
export type TogetherOutcome =
  | { readonly outcome: 'appended'; readonly events: number; readonly last: LogPosition }
  | { readonly outcome: 'refused'; readonly index: number; readonly reason: AppendOutcome };

/** An event as the log holds it. */
export interface LogEntry {
  readonly position: LogPosition;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: StreamRevision;
  /** Position of the stream's previous event; absent for its first. */
  readonly prev?: LogPosition;
  /** Milliseconds since 1970 UTC. */
  readonly recordedAt: number;
  /** Version of the stored form. */
  readonly v: number;
  readonly body: EntryObject;
  /** Who recorded it; absent where nobody was named, as in every entry of form 1. */
  readonly by?: string;
  /** Canonical JSON of `{v, id, key, type, stream, revision, prev, recordedAt, body, by}`, exactly as it is hashed. */
  readonly entry: string;
  /** Erasable values, which are kept beside the entry; `value` is null where it was erased. */
  readonly erasable: readonly { readonly pointer: string; readonly value: string | null }[];
}

/** The head of the log: its last position. */
export interface Head {
  readonly position: LogPosition;
  /** Milliseconds since 1970 UTC; null while the log is empty. */
  readonly recordedAt: number | null;
}

/** An append-only log of events. Knows no policy. Failures (a store that cannot be reached) are thrown, refusals returned. */
export interface EventLog {
  /** Durable when it resolves. Concurrent appends share a commit; one loser never sinks another. */
  append(request: AppendRequest): Promise<AppendOutcome>;
  /** Appends a long series of requests, each on its own, in order. */
  appendMany(requests: readonly AppendRequest[]): Promise<readonly AppendOutcome[]>;
  /**
   * All or nothing: a request that is not appended leaves none of them. Other appends wait meanwhile.
   *
   * KurrentDB takes one append to several streams from version 25.1 on. On older servers, and for what is too large for
   * one append, the requests are planned together and then appended one stream after another: a fault in between leaves
   * a part, is thrown as {@link LogUnavailableError}, and is completed by the same request.
   */
  appendTogether(batches: AsyncIterable<readonly AppendRequest[]>): Promise<TogetherOutcome>;
  readStream(
    stream: string,
    page: { readonly after?: StreamRevision; readonly limit: number },
  ): Promise<readonly LogEntry[]>;
  /** The first entries of the streams that began after a position, in order. */
  readFirsts(after: LogPosition, limit: number): Promise<readonly LogEntry[]>;
  /** The entries of certain types after a position, in order. For types that are rare: it may look at every entry. */
  readTypes(types: readonly string[], after: LogPosition, limit: number): Promise<readonly LogEntry[]>;
  /** The entries after a position, in order. Throws {@link LogGapError} where one is missing. */
  readAll(after: LogPosition, limit: number): Promise<readonly LogEntry[]>;
  /** The entries with these keys, those that are there, in order of position. */
  readKeys(keys: readonly string[]): Promise<readonly LogEntry[]>;
  /** The first event of the request that was appended under an idempotency key. */
  readIdempotencyKey(key: string): Promise<LogEntry | undefined>;
  head(): Promise<Head>;
  /**
   * The last position recorded at or before an instant; 0 when there is none.
   *
   * The answer never changes: it is given once nothing can be recorded at or before the instant any more, and is
   * undefined where that is not so within the time.
   */
  positionAt(instantMs: number, timeoutMs: number): Promise<LogPosition | undefined>;
  /** When a position was recorded; undefined beyond the head. */
  recordedAtOf(position: LogPosition): Promise<number | undefined>;
  /**
   * Everything after a position, then whatever is appended, until the signal aborts; never an empty batch.
   * Nothing is lost or repeated across lost connections; the reader's pace is the pace.
   */
  subscribe(
    after: LogPosition,
    options: { readonly signal: AbortSignal; readonly batchLimit: number },
  ): AsyncIterable<readonly LogEntry[]>;
  /** Ends subscriptions' connections and waits for appends that are under way. */
  close(): Promise<void>;
}

/** The log holds more appends than it may keep waiting: try again later. */
export class LogOverloadedError extends Error {
  override readonly name = 'LogOverloadedError';
}

/**
 * The store could not be reached, or not settle an append; a repeat of the same request settles it.
 *
 * The message says whether anything can have been recorded; `cause` is the store's own error.
 */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError';
  readonly isTransient = true;
}

/**
 * A position is missing though the log goes on: the log was tampered with, or a reader is at fault.
 *
 * Whoever reads stops before the position. The entry has to come back, as it was, from a backup or a copy of the log.
 */
export class LogGapError extends Error {
  override readonly name = 'LogGapError';
  /** @param reaches a position behind the gap that is known to be there. */
  constructor(
    readonly position: number,
    reaches: number,
  ) {
    super(
      `The log has no entry at position ${position}, though it goes on to ${reaches}. Reading stops before it: restore the entry from a backup or a copy of the log.`,
    );
  }
}

/**
 * The newest version of the stored form. Form 2 is form 1 with who recorded the event, `by`.
 *
 * Entries without it are written in form 1, as ever: a log that nobody writes with keys stays one that every version reads.
 */
export const ENTRY_VERSION = 2;

/** Throws where entries read after a position do not follow on it one by one. */
export function assertGapless(after: LogPosition, entries: readonly LogEntry[]): void {
  entries.forEach(({ position }, index) => {
    if (position !== after + 1 + index) throw new LogGapError(after + 1 + index, position);
  });
}
