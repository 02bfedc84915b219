import type { LogEntry } from '#event-log';
import { sleep } from '#postgres';

/** So long after a batch the next one gathers: a batch costs far more than the events in it. */
const GATHER_MS = 50;

/** Lets news gather between batches, unless somebody waits for it. */
export class Gathering {
  #readSoon: (() => void) | undefined;

  constructor(private readonly isAwaited: () => boolean) {}

  /** Reads at once what is new: somebody waits for it. */
  readSoon(): void {
    this.#readSoon?.();
  }

  /** The same batches, a while apart where they are smaller than full. */
  async *between(
    batches: AsyncIterable<readonly LogEntry[]>,
    { full, signal }: { readonly full: number; readonly signal: AbortSignal },
  ): AsyncGenerator<readonly LogEntry[]> {
    for await (const entries of batches) {
      const begun = performance.now();
      yield entries;
      const waitMs = GATHER_MS - (performance.now() - begun);
      if (entries.length < full && waitMs > 0 && !this.isAwaited()) await this.#paused(waitMs, signal);
    }
  }

  async #paused(waitMs: number, signal: AbortSignal): Promise<void> {
    const soon = new AbortController();
    this.#readSoon = () => soon.abort('awaited');
    await sleep(waitMs, AbortSignal.any([signal, soon.signal]));
  }
}
