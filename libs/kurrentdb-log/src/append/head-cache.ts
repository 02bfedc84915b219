import type { EventLocation } from '#event-log/adapter';

const STREAMS_KEPT = 10_000;

/** A cache of what this process knows of the store: the ends of streams, and events that have no position yet. */
export class HeadCache {
  readonly #streamEnds = new Map<string, number>();
  readonly #byKey = new Map<string, EventLocation>();
  readonly #byIdempotencyKey = new Map<string, EventLocation>();

  streamEnd(stream: string): number | undefined {
    return this.#streamEnds.get(stream);
  }

  findKey(key: string): EventLocation | undefined {
    return this.#byKey.get(key);
  }

  findIdempotencyKey(idempotencyKey: string): EventLocation | undefined {
    return this.#byIdempotencyKey.get(idempotencyKey);
  }

  /** An end may be out of date where other processes append: the store checks what rests on it. */
  keepStreamEnd(stream: string, revision: number): void {
    this.#streamEnds.delete(stream);
    if (revision < 0) return;
    this.#streamEnds.set(stream, revision);
    if (this.#streamEnds.size <= STREAMS_KEPT) return;
    for (const oldest of this.#streamEnds.keys()) {
      this.#streamEnds.delete(oldest);
      break;
    }
  }

  forgetStreamEnd(stream: string): void {
    this.#streamEnds.delete(stream);
  }

  keepAppended(kind: 'key' | 'idempotency-key', name: string, findKey: EventLocation): void {
    (kind === 'key' ? this.#byKey : this.#byIdempotencyKey).set(name, findKey);
  }

  /** Once an event is in the log, the log knows of it. */
  forgetAppended(kind: 'key' | 'idempotency-key', name: string): void {
    (kind === 'key' ? this.#byKey : this.#byIdempotencyKey).delete(name);
  }
}
