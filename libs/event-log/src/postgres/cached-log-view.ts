import type { FlushLocation, FlushPlan } from '../plan-flush.js';
import type { LogView, StreamEnd } from '../plan-append.js';
import type { AppendRequest, EventLocation } from '../port.js';
import { positionOf } from '../positions.js';
import type { StreamEndCache } from '../stream-end-cache.js';
import { type ExpectedLogState, type ActualLogState, eventsOf } from './append/append-call.js';

/** The view of the log that one flush is planned on: the cached stream ends, corrected by what the database answered. */
export class CachedLogView implements LogView {
  readonly #byKey = new Map<string, EventLocation>();
  readonly #byIdempotencyKey = new Map<string, EventLocation>();

  constructor(private readonly cache: StreamEndCache<StreamEnd>) {}

  streamEnd(stream: string): StreamEnd | undefined {
    return this.cache.get(stream);
  }

  findKey(key: string): EventLocation | undefined {
    return this.#byKey.get(key);
  }

  findIdempotencyKey(idempotencyKey: string): EventLocation | undefined {
    return this.#byIdempotencyKey.get(idempotencyKey);
  }

  /** Takes in what the database answered for the streams and keys of some requests. */
  correct(actual: ActualLogState, requests: readonly AppendRequest[]): void {
    for (const { stream } of requests) this.cache.keep(stream, actual.streamEnds.get(stream));
    for (const location of actual.byKey) this.#byKey.set(location.key, location);
    for (const { idempotencyKey, ...location } of actual.byIdempotencyKey)
      this.#byIdempotencyKey.set(idempotencyKey, location);
  }

  /** Keeps where streams end once a flush is appended. */
  noteAppended({ drafts }: FlushPlan, { base }: FlushLocation): void {
    for (const { stream, revision, offset } of drafts)
      this.cache.keep(stream, { revision, position: positionOf(base + offset) });
  }

  /**
   * What a flush rests on that its drafts do not check by themselves: what is behind its refusals.
   *
   * A draft takes a key and a revision of its stream, which can each be taken once; so for streams and keys with drafts
   * there is nothing more to check. A cached end can only be too low, since none is learnt before its commit
   * and all are forgotten on a new connection, behind which the server may have been restored to an earlier state.
   */
  expectedFor(requests: readonly AppendRequest[], { drafts }: FlushPlan): ExpectedLogState {
    const taken = {
      streams: new Set(drafts.map(({ stream }) => stream)),
      keys: new Set(drafts.map(({ event }) => event.key)),
    };
    const streams = new Set(requests.map(({ stream }) => stream).filter((stream) => !taken.streams.has(stream)));
    const keys = new Set(
      eventsOf(requests)
        .map(({ key }) => key)
        .filter((key) => !taken.keys.has(key) && !this.#byKey.has(key)),
    );
    const idempotencyKeys = new Set(
      requests.flatMap(({ idempotencyKey }) => idempotencyKey ?? []).filter((key) => !this.#byIdempotencyKey.has(key)),
    );
    return {
      streamEnds: new Map([...streams].map((stream) => [stream, this.streamEnd(stream)])),
      newKeys: [...keys],
      newIdempotencyKeys: [...idempotencyKeys],
    };
  }
}
