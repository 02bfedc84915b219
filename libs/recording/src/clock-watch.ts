import type { Instant } from '#domain';
import type { EventLog } from '#event-log';

/** A clock that is further behind the last record than this is told. */
export const CLOCK_TOLD_MS = 60_000;

/** What the clock is watched with. */
export interface ClockNeeds {
  readonly log: Pick<EventLog, 'head'>;
  readonly now: () => Instant;
  /** A clock that is further behind the last record than this is not recorded under. */
  readonly limitMs: number;
  /** Told once when the clock is behind, by how much, and with 0 when it is right again. */
  readonly onBehind: (behindMs: number) => void;
}

/**
 * Knows whether the clock and the record contradict each other.
 *
 * No event is recorded before the one that precedes it, so under a clock that is behind the last record, every event
 * gets that record's time: either the clock is wrong now, or it was when that was recorded. A clock that is ahead cannot
 * be told from a log in which nothing was recorded for long; what is recorded under it is found once it is right again.
 */
export class ClockWatch {
  #behindMs = 0;
  #isTold = false;

  constructor(private readonly needs: ClockNeeds) {}

  /** How far the clock was behind the last record when last looked at, in milliseconds; 0 when it is not. */
  get behindMs(): number {
    return this.#behindMs;
  }

  /** True when nothing may be recorded, since its time would be wrong by more than the limit. */
  get isTooFarBehind(): boolean {
    return this.#behindMs > this.needs.limitMs;
  }

  /** Compares the clock with the last record. */
  async look(): Promise<void> {
    const { log, now, onBehind } = this.needs;
    const { recordedAt } = await log.head();
    this.#behindMs = recordedAt === null ? 0 : Math.max(0, recordedAt - now());
    const isBehind = this.#behindMs > CLOCK_TOLD_MS;
    if (isBehind !== this.#isTold) onBehind(isBehind ? this.#behindMs : 0);
    this.#isTold = isBehind;
  }
}
