import { isSelfInflicted, isTransient } from './errors.js';

/** A schedule of waits before failed work is tried again. */
export interface RetrySchedule {
  readonly waitsMs: readonly number[];
  /** After the last wait: give up, or go on with it without end. */
  readonly then: 'give-up' | 'repeat-last';
}

/** The schedule of a process that has nothing else to do: without end, at most three seconds apart. */
export const UNTIL_IT_SUCCEEDS: RetrySchedule = { waitsMs: [50, 200, 1000, 3000], then: 'repeat-last' };

/** The options of {@link retry}. */
export interface RetryOptions {
  readonly schedule: RetrySchedule;
  /** Whether another try can help; {@link isTransient} unless given. */
  readonly mayPass?: (error: unknown) => boolean;
  /** The number of tries of work that fails by faults it may have caused itself; without limit unless given. */
  readonly selfInflictedTries?: number;
  /** Ends the waits, and after the try that is under way the retries. */
  readonly signal?: AbortSignal;
  /** Called with each error after which work is tried again, then, with null, once it succeeded. */
  readonly onTrouble?: (error: unknown) => void;
  /** Waits; {@link sleep} unless given. */
  readonly wait?: (waitMs: number, signal: AbortSignal) => Promise<void>;
}

const NEVER = new AbortController().signal;

/**
 * Does work until it succeeds, and answers its result. The work gets the number of {@link isSelfInflicted} faults that
 * it has had so far.
 *
 * Throws the error of the last try once the schedule is used up, the signal has aborted, or the error is one that
 * does not pass.
 */
export async function retry<Result>(
  work: (selfInflicted: number) => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { schedule, mayPass = isTransient, selfInflictedTries = Infinity } = options;
  const { signal = NEVER, onTrouble = () => undefined, wait = sleep } = options;
  for (let failures = 0, selfInflicted = 0; ; failures += 1) {
    try {
      const result = await work(selfInflicted);
      if (failures > 0) onTrouble(null);
      return result;
    } catch (error) {
      if (isSelfInflicted(error)) selfInflicted += 1;
      const waitMs = waitAfter(schedule, failures);
      const isFinal = waitMs === undefined || !mayPass(error) || selfInflicted >= selfInflictedTries;
      if (isFinal || signal.aborted) throw error;
      onTrouble(error);
      await wait(waitMs, signal);
    }
  }
}

function waitAfter({ waitsMs, then }: RetrySchedule, failures: number): number | undefined {
  return waitsMs[failures] ?? (then === 'repeat-last' ? waitsMs.at(-1) : undefined);
}

/** Resolves once the signal has aborted. */
export const waitForAbort = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Resolves after a time, or at once when the signal aborts. */
export const sleep = (waitMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, waitMs);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
