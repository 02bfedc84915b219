import { type OnRecord, type Place, positionOf, revisionOf, type StreamHead } from '#event-log/adapter';
import type { ReservedTruth } from './reservations.js';

const STREAMS_KEPT = 10_000;

/** The time of a place that has no position yet: its event is in the store, and not in the log. */
const UNPLACED_AT = -1;

/** A place whose position is still to come. */
export const unplaced = (place: Pick<Place, 'id' | 'key' | 'stream' | 'revision'>): Place => ({
  ...place,
  position: positionOf(0),
  recordedAt: UNPLACED_AT,
});

export const isUnplaced = ({ recordedAt }: Place): boolean => recordedAt === UNPLACED_AT;

/** Where a flush lands as far as can be said before it has positions. */
export const UNPLACED_LANDING = { base: positionOf(0), recordedAt: UNPLACED_AT };

/** What this process knows of the store: the ends of streams, and events that have no position yet. */
export class Knowledge {
  readonly #heads = new Map<string, number>();
  readonly #places = new Map<string, Place>();
  readonly #idempotent = new Map<string, Place>();

  head(stream: string): number | undefined {
    return this.#heads.get(stream);
  }

  place(key: string): Place | undefined {
    return this.#places.get(key);
  }

  idempotent(idempotencyKey: string): Place | undefined {
    return this.#idempotent.get(idempotencyKey);
  }

  /** An end may be out of date where other processes append: the store checks what rests on it. */
  learnHead(stream: string, revision: number): void {
    this.#heads.delete(stream);
    if (revision < 0) return;
    this.#heads.set(stream, revision);
    if (this.#heads.size <= STREAMS_KEPT) return;
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      break;
    }
  }

  forgetHead(stream: string): void {
    this.#heads.delete(stream);
  }

  learnAppended(kind: 'key' | 'idempotency-key', name: string, place: Place): void {
    (kind === 'key' ? this.#places : this.#idempotent).set(name, place);
  }

  /** Once an event is in the log, the log knows of it. */
  forgetAppended(kind: 'key' | 'idempotency-key', name: string): void {
    (kind === 'key' ? this.#places : this.#idempotent).delete(name);
  }
}

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
