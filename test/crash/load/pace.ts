import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 2;

/** Lets writers on: no faster than a rate, and never past the faults that are to hit them. */
export class Pace {
  /** So many events may be begun in all. */
  limit = 0;
  #begun = 0;
  #settled = 0;
  #allowed = 0;
  #last = performance.now();
  #stopped = false;
  #finished = false;

  /** At most so many events a second; 0 for as many as go. */
  constructor(private readonly rate: number) {}

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Whether nobody writes at this pace any more. */
  get isOver(): boolean {
    return this.#stopped || this.#finished;
  }

  /** Events whose appends were answered. */
  get settled(): number {
    return this.#settled;
  }

  /** Resolves when so many events are settled, or no more will be. */
  async reached(events: number): Promise<void> {
    while (this.#settled < events && !this.#stopped && !this.#finished) await delay(LOOK_AGAIN_MS);
  }

  /** Resolves when an append of so many events may begin; false when there is to be none any more. */
  async turn(events: number): Promise<boolean> {
    while (!this.#stopped && !this.#mayBegin()) await delay(LOOK_AGAIN_MS);
    if (this.#stopped) return false;
    this.#begun += events;
    this.#allowed -= events;
    return true;
  }

  /** An append of so many events was answered. */
  settle(events: number): void {
    this.#settled += events;
  }

  /** Nobody writes any more. */
  finish(): void {
    this.#finished = true;
  }

  stop(): void {
    this.#stopped = true;
  }

  #mayBegin(): boolean {
    const now = performance.now();
    // What was not used for a second is lost: no burst after an outage.
    if (this.rate > 0) this.#allowed = Math.min(this.rate, this.#allowed + ((now - this.#last) / 1000) * this.rate);
    this.#last = now;
    return this.#begun < this.limit && (this.rate === 0 || this.#allowed > 0);
  }
}
