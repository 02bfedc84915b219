import { setImmediate } from 'node:timers/promises';

/** Long work yields to the rest of the process at this interval. A read of several steps beside it waits for a turn at each. */
const TURN_MS = 5;

/** Thrown when work is ended early because its result is no longer wanted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The last turn that was asked for. */
let lastAsked: Promise<void> = Promise.resolve();

/**
 * Divides long work into short turns, so that the process stays responsive and can be stopped.
 *
 * Each turn has a round of the event loop of its own: whoever asks the process something waits for one turn, however
 * many works are under way. Turns are given in the order in which they are asked for.
 */
export class Turns {
  #begun = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  /** True if the current turn is over: then call {@link next}. */
  get isOver(): boolean {
    return performance.now() - this.#begun >= TURN_MS;
  }

  /** Yields to other work. Throws {@link Interrupted} once the signal has aborted. */
  async next(): Promise<void> {
    lastAsked = lastAsked.then(() => setImmediate());
    await lastAsked;
    if (this.signal?.aborted) throw new Interrupted('The work was interrupted.');
    this.#begun = performance.now();
  }

  /** Does short work with each item, in turns. */
  async forEach<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void> {
    for (const item of items) {
      work(item);
      if (this.isOver) await this.next();
    }
  }

  /** Does work that pauses at each step, and yields to other work in between; answers its result. */
  async run<Result>(steps: Generator<unknown, Result, undefined>): Promise<Result> {
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      if (this.isOver) await this.next();
    }
  }
}
