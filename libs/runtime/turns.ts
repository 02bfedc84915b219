import { setImmediate } from 'node:timers/promises';

/** Long work yields to the rest of the process at this interval. */
const TURN_MS = 10;

/** Thrown when work is ended early because its result is no longer wanted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Divides long work into short turns, so that the process stays responsive and can be stopped. */
export class Turns {
  #begun = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  /** True if the current turn is over: then call {@link next}. */
  get isOver(): boolean {
    return performance.now() - this.#begun >= TURN_MS;
  }

  /** Yields to other work. Throws {@link Interrupted} once the signal has aborted. */
  async next(): Promise<void> {
    await setImmediate();
    if (this.signal?.aborted) throw new Interrupted('The work was interrupted.');
    this.#begun = performance.now();
  }
}
