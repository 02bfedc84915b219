import type { FlushPlan } from '../plan-flush.js';
import type { OnRecord, StreamHead } from '../plan-append.js';
import type { AppendRequest, Place } from '../port.js';
import { type Believed, type Truth, eventsOf } from './append-call.js';
import type { RecordCache } from './stream-end-cache.js';

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
