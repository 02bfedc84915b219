import type { LogEntry } from '#event-log';
import { sleep } from '#postgres';

/** A batch is read no sooner than this after the one before: a batch costs far more than the events in it. */
const WINDOW_MS = 50;

/** The time in which new entries collect between batches, unless somebody waits for them. */
export class BatchWindow {
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
      const waitMs = WINDOW_MS - (performance.now() - begun);
      if (entries.length < full && waitMs > 0 && !this.isAwaited()) await this.#wait(waitMs, signal);
    }
  }

  async #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    const soon = new AbortController();
    this.#readSoon = () => soon.abort('awaited');
    await sleep(waitMs, AbortSignal.any([signal, soon.signal]));
  }
}
