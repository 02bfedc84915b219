import type { Place } from '#event-log/adapter';

const STREAMS_KEPT = 10_000;

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
