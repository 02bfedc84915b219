import type { Instant } from '#domain';
import type { EventLog } from '#event-log';

/** The difference of clocks from which on it is reported. */
export const CLOCK_TOLD_MS = 60_000;

/** The differences of the clock from all that says something of the time, in milliseconds. */
export interface ClockFigures {
  /** The time by which the clock is behind the last record; 0 when it is not. */
  readonly behindMs: number;
  /** The time by which the database's clock, which gives events their time, is ahead of this machine's; negative: behind it. */
  readonly differsMs: number;
  /** The time by which the clock was set ahead since the watch began, measured by how long the machine has run. */
  readonly jumpedMs: number;
}

/** A reason for which times of recording would be wrong by more than the limit. */
export type ClockFault = 'clock-behind' | 'clock-differs';

/** The dependencies of a watch over the clock. */
export interface ClockNeeds {
  readonly log: Pick<EventLog, 'head'>;
  readonly now: () => Instant;
  /** The clock that gives events their time, where that may be another machine's. */
  readonly recordingNow?: () => Promise<Instant>;
  /** The time that the machine has run, time asleep included: no setting of the clock changes it. */
  readonly runningMs: () => number;
  /** A clock that is further off than this is not recorded under. */
  readonly limitMs: number;
  /** Called once for each figure that is off by more than a minute, and with 0 when it is right again. */
  readonly tell: (figure: keyof ClockFigures, ms: number) => void;
}

/**
 * Knows whether the clock contradicts the record, the database's clock, or how long the machine has run.
 *
 * No event is recorded before the one that precedes it, so under a clock that is behind the last record, every event
 * gets that record's time: either the clock is wrong now, or it was when that was recorded. Two clocks that differ cannot
 * both be right. A clock that was set ahead may have been put right by that, or its machine was stopped and went on, as
 * virtual machines are: that is told, and nothing is refused for it.
 */
export class ClockWatch {
  #figures: ClockFigures = { behindMs: 0, differsMs: 0, jumpedMs: 0 };
  readonly #told = new Set<keyof ClockFigures>();
  readonly #begun: number;

  constructor(private readonly needs: ClockNeeds) {
    this.#begun = needs.now() - needs.runningMs();
  }

  /** The differences of the clock at the last look. */
  get figures(): ClockFigures {
    return this.#figures;
  }

  /** The reason for which nothing may be recorded; undefined when times of recording are within the limit. */
  get fault(): ClockFault | undefined {
    const { behindMs, differsMs } = this.#figures;
    if (behindMs > this.needs.limitMs) return 'clock-behind';
    return Math.abs(differsMs) > this.needs.limitMs ? 'clock-differs' : undefined;
  }

  /** Compares the clock with all that says something of the time. */
  async look(): Promise<void> {
    const { log, now, recordingNow = async () => now(), runningMs, tell } = this.needs;
    const { recordedAt } = await log.head();
    const before = now();
    const recording = await recordingNow();
    const after = now();
    this.#figures = {
      behindMs: recordedAt === null ? 0 : Math.max(0, recordedAt - Math.min(after, recording)),
      // What lies between the asking and the answer is no difference.
      differsMs: recording > after ? recording - after : Math.min(0, recording - before),
      jumpedMs: Math.max(0, Math.round(after - runningMs() - this.#begun)),
    };
    for (const [figure, ms] of figuresOf(this.#figures)) {
      const isOff = Math.abs(ms) > CLOCK_TOLD_MS;
      if (isOff !== this.#told.has(figure)) tell(figure, isOff ? ms : 0);
      if (isOff) this.#told.add(figure);
      else this.#told.delete(figure);
    }
  }
}

const figuresOf = ({ behindMs, differsMs, jumpedMs }: ClockFigures) =>
  [
    ['behindMs', behindMs],
    ['differsMs', differsMs],
    ['jumpedMs', jumpedMs],
  ] as const;
