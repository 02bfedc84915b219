import type { FlushPlan, Landing } from '../plan-flush.js';
import type { StreamHead } from '../plan-append.js';
import { positionOf } from '../positions.js';
import type { Truth } from './append-call.js';

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
