import {
  type EventLocation,
  type LogView,
  positionOf,
  revisionOf,
  type StreamEnd,
  type StreamEndCache,
} from '#event-log/adapter';
import type { PendingEvents } from './pending-events.js';
import type { ActualStoreState } from './reservations.js';

/** A cache of what this process knows of the store: the last revisions of streams, and the events without positions. */
export interface StoreCache {
  readonly lastRevisions: StreamEndCache<number>;
  readonly pending: PendingEvents;
}

/** The view of the log that one flush is planned on: the cache, corrected by what store and database answered. */
export class StoreLogView implements LogView {
  readonly #lastRevisions = new Map<string, number>();
  readonly #confirmed = new Set<string>();
  readonly #byKey = new Map<string, EventLocation>();
  readonly #byIdempotencyKey = new Map<string, EventLocation>();

  constructor(private readonly cache: StoreCache) {}

  /** -1 where there are no events, or none that is known of. */
  lastRevision(stream: string): number {
    return this.#lastRevisions.get(stream) ?? this.cache.lastRevisions.get(stream) ?? -1;
  }

  streamEnd(stream: string): StreamEnd | undefined {
    const lastRevision = this.lastRevision(stream);
    return lastRevision < 0 ? undefined : { revision: revisionOf(lastRevision), position: positionOf(0) };
  }

  findKey(key: string): EventLocation | undefined {
    return this.#byKey.get(key) ?? this.cache.pending.find('key', key);
  }

  findIdempotencyKey(idempotencyKey: string): EventLocation | undefined {
    return this.#byIdempotencyKey.get(idempotencyKey) ?? this.cache.pending.find('idempotency-key', idempotencyKey);
  }

  /** True when the store itself said where the stream ends. */
  isConfirmed(stream: string): boolean {
    return this.#confirmed.has(stream);
  }

  /** Takes the end of a stream from the store, which is right whatever the cache says. */
  confirm(stream: string, lastRevision: number | null): void {
    this.#confirmed.add(stream);
    this.#lastRevisions.set(stream, lastRevision ?? -1);
    this.cache.lastRevisions.keep(stream, lastRevision ?? undefined);
  }

  /** The log may lag behind the store, so that it can only say that a stream is longer than was known. */
  correct(actual: ActualStoreState): void {
    for (const [stream, revision] of actual.streamEnds)
      if (revision > this.lastRevision(stream)) {
        this.#lastRevisions.set(stream, revision);
        this.cache.lastRevisions.keep(stream, revision);
      }
    for (const location of actual.byKey) this.#byKey.set(location.key, location);
    for (const { idempotencyKey, ...location } of actual.byIdempotencyKey)
      this.#byIdempotencyKey.set(idempotencyKey, location);
  }
}
