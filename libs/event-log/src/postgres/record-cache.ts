import type { OnRecord, StreamHead } from '../judge.js';
import { positionOf } from '../places.js';
import type { AppendRequest, Place } from '../port.js';
import type { FlushPlan, Landing } from '../flush.js';
import { type Believed, type Truth, eventsOf } from './append-call.js';

const STREAMS_KEPT = 10_000;

/**
 * The stream heads that the last flushes left, so that a flush can be judged before it is sent.
 *
 * It may be out of date where other processes append. That costs a second call, never a wrong append: the database
 * checks what was believed.
 */
export class RecordCache {
  readonly #heads = new Map<string, StreamHead>();

  head(stream: string): StreamHead | undefined {
    return this.#heads.get(stream);
  }

  learn(truth: Truth, streams: readonly string[]): void {
    for (const stream of streams) {
      const head = truth.heads.get(stream);
      if (head) this.#set(stream, head);
      else this.#heads.delete(stream);
    }
  }

  landed({ drafts }: FlushPlan, { base }: Landing): void {
    for (const { stream, revision, offset } of drafts)
      this.#set(stream, { revision, position: positionOf(base + offset) });
  }

  forget(): void {
    this.#heads.clear();
  }

  #set(stream: string, head: StreamHead): void {
    this.#heads.delete(stream);
    this.#heads.set(stream, head);
    if (this.#heads.size <= STREAMS_KEPT) return;
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      break;
    }
  }
}

/** What one flush is judged on: the cached heads, and what the database said where they were wrong. */
export class Beliefs implements OnRecord {
  readonly #places = new Map<string, Place>();
  readonly #idempotent = new Map<string, Place>();

  constructor(private readonly cache: RecordCache) {}

  head(stream: string): StreamHead | undefined {
    return this.cache.head(stream);
  }

  place(key: string): Place | undefined {
    return this.#places.get(key);
  }

  idempotent(idempotencyKey: string): Place | undefined {
    return this.#idempotent.get(idempotencyKey);
  }

  learn(truth: Truth): void {
    for (const place of truth.places) this.#places.set(place.key, place);
    for (const { idempotencyKey, ...place } of truth.idempotent) this.#idempotent.set(idempotencyKey, place);
  }

  /**
   * What a flush rests on that its drafts do not check by themselves: what is behind its refusals.
   *
   * A draft takes a key and a revision of its stream, which can each be taken once; so for streams and keys with drafts
   * there is nothing more to check. A head is only ever believed to be too low, since none is learnt before its commit
   * and all are forgotten on a new connection, behind which the server may have been restored to an earlier state.
   */
  believedFor(requests: readonly AppendRequest[], { drafts }: FlushPlan): Believed {
    const drafted = {
      streams: new Set(drafts.map(({ stream }) => stream)),
      keys: new Set(drafts.map(({ event }) => event.key)),
    };
    const streams = new Set(requests.map(({ stream }) => stream).filter((stream) => !drafted.streams.has(stream)));
    const keys = new Set(
      eventsOf(requests)
        .map(({ key }) => key)
        .filter((key) => !drafted.keys.has(key) && !this.#places.has(key)),
    );
    const idempotencyKeys = new Set(
      requests.flatMap(({ idempotencyKey }) => idempotencyKey ?? []).filter((key) => !this.#idempotent.has(key)),
    );
    return {
      heads: new Map([...streams].map((stream) => [stream, this.head(stream)])),
      newKeys: [...keys],
      newIdempotencyKeys: [...idempotencyKeys],
    };
  }
}
