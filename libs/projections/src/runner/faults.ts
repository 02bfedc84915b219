import { LogGapError, LogUnavailableError } from '#event-log';
import { isSelfInflicted, isTransient } from '#postgres';

/** Waits before what failed is tried again; the last one is repeated. */
const RETRY_WAITS_MS = [50, 200, 1000, 3000];

/** The log and the read models contradict each other: going on would make it worse. */
export class LogMismatchError extends Error {
  override readonly name = 'LogMismatchError';
}

/** Another process holds what this one wrote for: nothing was written. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

/** True for a fault of the surroundings, which passes; false for one that the same entries would meet again. */
export const isPassing = (error: unknown): boolean => error instanceof LogUnavailableError || isTransient(error);

/** What no retry mends. */
export const isFinal = (error: unknown): boolean =>
  error instanceof TakenOver || error instanceof LogMismatchError || error instanceof LogGapError;

interface Retrying {
  readonly signal: AbortSignal;
  /** Told what failed and is tried again, then, with null, that it went through. */
  readonly onTrouble: (error: unknown) => void;
  /** How often it is tried while faults are suspect; without end unless told. */
  readonly suspectTries?: number;
}

/**
 * Tries until it goes through, the signal aborts, or the fault is none that passes, or is suspect too often. The work is
 * told how many faults were suspect so far.
 */
export async function retried<Result>(
  work: (suspects: number) => Promise<Result>,
  { signal, onTrouble, suspectTries = Infinity }: Retrying,
): Promise<Result> {
  let suspects = 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const result = await work(suspects);
      if (attempt > 0) onTrouble(null);
      return result;
    } catch (error) {
      if (isSelfInflicted(error)) suspects += 1;
      if (signal.aborted || isFinal(error) || !isPassing(error) || suspects >= suspectTries) throw error;
      onTrouble(error);
      await paused(RETRY_WAITS_MS[Math.min(attempt, RETRY_WAITS_MS.length - 1)] ?? 0, signal);
    }
  }
}

/** Resolves after a time, or at once when the signal aborts. */
export const paused = (waitMs: number, signal: AbortSignal): Promise<void> =>
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
