import { LogGapError } from '#event-log';

/** The log and the read models contradict each other: going on would make it worse. */
export class LogMismatchError extends Error {
  override readonly name = 'LogMismatchError';
}

/** Another process holds what this one wrote for: nothing was written. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

/** True for an error that no retry mends. */
export const isFinal = (error: unknown): boolean =>
  error instanceof TakenOver || error instanceof LogMismatchError || error instanceof LogGapError;
