import { setImmediate } from 'node:timers/promises';

/** Long work lets the rest of the process have a turn this often. */
const TURN_MS = 10;

/** Work was ended before it was done, because nobody wants it any more. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Divides long work into short turns, so that the process goes on answering and can be stopped. */
export class Turns {
  #begun = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  /** True when the present turn has lasted long enough: then call {@link next}. */
  get isOver(): boolean {
    return performance.now() - this.#begun >= TURN_MS;
  }

  /** Lets others have a turn. Throws {@link Interrupted} once the signal has aborted. */
  async next(): Promise<void> {
    await setImmediate();
    if (this.signal?.aborted) throw new Interrupted('The work was interrupted.');
    this.#begun = performance.now();
  }
}
