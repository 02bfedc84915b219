import { type OnRecord, type Place, positionOf, revisionOf, type StreamHead } from '#event-log/adapter';
import type { Knowledge } from './head-cache.js';
import type { ReservedTruth } from './reservations.js';

/** What one flush is judged on: what this process knows, and what it was told where that was wrong. */
export class StoreBeliefs implements OnRecord {
  readonly #heads = new Map<string, number>();
  readonly #confirmed = new Set<string>();
  readonly #places = new Map<string, Place>();
  readonly #idempotent = new Map<string, Place>();

  constructor(private readonly knowledge: Knowledge) {}

  /** -1 where there are no events, or none that is known of. */
  last(stream: string): number {
    return this.#heads.get(stream) ?? this.knowledge.head(stream) ?? -1;
  }

  head(stream: string): StreamHead | undefined {
    const last = this.last(stream);
    return last < 0 ? undefined : { revision: revisionOf(last), position: positionOf(0) };
  }

  place(key: string): Place | undefined {
    return this.#places.get(key) ?? this.knowledge.place(key);
  }

  idempotent(idempotencyKey: string): Place | undefined {
    return this.#idempotent.get(idempotencyKey) ?? this.knowledge.idempotent(idempotencyKey);
  }

  /** True when the store itself said where the stream ends. */
  isConfirmed(stream: string): boolean {
    return this.#confirmed.has(stream);
  }

  /** What the store says holds, whatever was believed. */
  confirm(stream: string, last: number | null): void {
    this.#confirmed.add(stream);
    this.#heads.set(stream, last ?? -1);
    this.knowledge.learnHead(stream, last ?? -1);
  }

  /** The log may lag behind the store, so that it can only say that a stream is longer than was believed. */
  learn(truth: ReservedTruth): void {
    for (const [stream, revision] of truth.heads)
      if (revision > this.last(stream)) {
        this.#heads.set(stream, revision);
        this.knowledge.learnHead(stream, revision);
      }
    for (const place of truth.places) this.#places.set(place.key, place);
    for (const { idempotencyKey, ...place } of truth.idempotent) this.#idempotent.set(idempotencyKey, place);
  }
}
