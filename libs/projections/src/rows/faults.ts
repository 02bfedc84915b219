import { LogGapError, LogUnavailableError } from '#event-log';
import { isSelfInflicted, isTransient, retry, UNTIL_IT_SUCCEEDS } from '#postgres';

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

interface RunnerRetrying {
  readonly signal: AbortSignal;
  /** Told what failed and is tried again, then, with null, that it went through. */
  readonly onTrouble: (error: unknown) => void;
  /** How often it is tried while faults are self-inflicted; without end unless told. */
  readonly suspectTries?: number;
}

/**
 * Tries until it succeeds, the signal aborts, or the fault is none that passes, or is self-inflicted too often. The
 * work is told how many faults were self-inflicted so far.
 */
export async function retryInRunner<Result>(
  work: (suspects: number) => Promise<Result>,
  { signal, onTrouble, suspectTries = Infinity }: RunnerRetrying,
): Promise<Result> {
  let suspects = 0;
  const attempt = async (): Promise<Result> => {
    try {
      return await work(suspects);
    } catch (error) {
      if (isSelfInflicted(error)) suspects += 1;
      throw error;
    }
  };
  const mayPass = (error: unknown): boolean => !isFinal(error) && isPassing(error) && suspects < suspectTries;
  return retry(attempt, { schedule: UNTIL_IT_SUCCEEDS, mayPass, signal, onTrouble });
}
