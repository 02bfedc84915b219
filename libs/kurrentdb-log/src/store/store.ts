import type { ExpectedRevision } from '#event-log/adapter';

/** The position of an event in the store's own order, which has gaps. */
export interface StorePosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** An event as the store holds it. */
export interface StoredRecord {
  readonly at: StorePosition;
  /** The log's name of the stream, without any prefix of the store's. */
  readonly stream: string;
  /** In the store's stream, from 0. */
  readonly revision: number;
  /** A UUID. */
  readonly id: string;
  readonly type: string;
  /** The server's time; milliseconds since 1970 UTC. */
  readonly createdMs: number;
  /** Exactly the bytes that are stored: the canonical JSON of the body. */
  readonly data: Uint8Array;
  /** Flat strings: key, idempotencyKey where the request had one, v, and from form 2 on who recorded the event, `by`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An event to append to the store. */
export interface StoreEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Events for one stream, appended all or none. */
export interface StoreAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly StoreEvent[];
}

/**
 * The outcome of an append. Events that are there already, just where they would be appended, count as appended.
 *
 * `next` is the revision of the last event appended; `actual` the stream's last revision, null when it has none.
 */
export type StoreAppendOutcome =
  | { readonly outcome: 'appended'; readonly next: number; readonly at?: StorePosition }
  | { readonly outcome: 'conflict'; readonly stream: string; readonly actual: number | null };

/**
 * A signal of a subscription.
 *
 * - `records`: the next events, at least one, in the store's order.
 * - `caught-up`: everything that was in the store has been sent; repeated whenever the subscription has caught up again.
 * - `passed`: the log has no events between the last signal and this position, from which a subscription can go on.
 */
export type StoreSignal =
  | { readonly kind: 'records'; readonly records: readonly StoredRecord[] }
  | { readonly kind: 'caught-up' }
  | { readonly kind: 'passed'; readonly at: StorePosition };

/** A limit by which a store forgets events of a stream, or forbids more of them. */
export interface StreamLimit {
  readonly stream: string;
  /** The position of the event that set it. */
  readonly at: StorePosition;
  /**
   * `max-age` in seconds, `max-count` in events, `truncated-before` a revision; `deleted` can be appended to again,
   * `tombstoned` never. `none` takes back what was set before.
   */
  readonly limit: 'max-age' | 'max-count' | 'truncated-before' | 'deleted' | 'tombstoned' | 'none';
  readonly value?: number;
}

/** The event store, as far as the log needs one. What cannot be done is thrown as LogUnavailableError, or a fault. */
export interface EventStore {
  append(append: StoreAppend): Promise<StoreAppendOutcome>;
  /** All or nothing, each stream once; only where the server says that it {@link StoreServerInfo.appendsTogether}. */
  appendTogether(appends: readonly StoreAppend[]): Promise<StoreAppendOutcome>;
  /** The last revision of a stream; null when it has no events. */
  readStreamEnd(stream: string): Promise<number | null>;
  /** Events of a stream, from a revision on, in order. `createdMs` is cut to whole seconds. */
  readStream(stream: string, page: { readonly from: number; readonly limit: number }): Promise<readonly StoredRecord[]>;
  /** The log's events after a position, in the store's order. `createdMs` is cut to whole seconds. */
  readAll(page: { readonly after?: StorePosition; readonly limit: number }): Promise<readonly StoredRecord[]>;
  /**
   * The log's events after a position, and whatever is appended, until the signal aborts. `createdMs` is exact.
   *
   * Nothing is lost or repeated: a subscription that breaks, ends or falls silent is made again after the last event.
   */
  subscribeAll(options: {
    readonly after?: StorePosition;
    readonly signal: AbortSignal;
    readonly batchLimit: number;
  }): AsyncIterable<StoreSignal>;
  /** The limits that were set on the log's streams, in the order in which they were set; later ones replace earlier ones. */
  readLimits(after?: StorePosition): Promise<readonly StreamLimit[]>;
  describeServer(): Promise<StoreServerInfo>;
  close(): Promise<void>;
}

/** A server's description of itself. */
export interface StoreServerInfo {
  readonly version: string;
  readonly appendsTogether: boolean;
}
