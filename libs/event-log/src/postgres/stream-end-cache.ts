import type { FlushPlan, FlushLocation } from '../plan-flush.js';
import type { StreamEnd } from '../plan-append.js';
import { positionOf } from '../positions.js';
import type { ActualLogState } from './append-call.js';

const STREAMS_KEPT = 10_000;

/**
 * A cache of the stream ends that the last flushes left, so that a flush can be planned before it is sent.
 *
 * It may be out of date where other processes append. That costs a second call, never a wrong append: the database
 * checks what was expected.
 */
export class StreamEndCache {
  readonly #ends = new Map<string, StreamEnd>();

  get(stream: string): StreamEnd | undefined {
    return this.#ends.get(stream);
  }

  correct(actual: ActualLogState, streams: readonly string[]): void {
    for (const stream of streams) {
      const end = actual.streamEnds.get(stream);
      if (end) this.#set(stream, end);
      else this.#ends.delete(stream);
    }
  }

  noteAppended({ drafts }: FlushPlan, { base }: FlushLocation): void {
    for (const { stream, revision, offset } of drafts)
      this.#set(stream, { revision, position: positionOf(base + offset) });
  }

  forget(): void {
    this.#ends.clear();
  }

  #set(stream: string, end: StreamEnd): void {
    this.#ends.delete(stream);
    this.#ends.set(stream, end);
    if (this.#ends.size <= STREAMS_KEPT) return;
    for (const oldest of this.#ends.keys()) {
      this.#ends.delete(oldest);
      break;
    }
  }
}
