import { LogGapError, LogUnavailableError } from '#event-log';

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

/**
 * SQLSTATEs that say nothing of what was to be written: 08 connection, 25P03 idle too long, 40 rollback,
 * 53 resources, 55P03 lock, 57 operator, 58 system.
 */
const PASSING = /^(08...|25P03|40...|53...|55P03|57...|58...)$/;

/**
 * SQLSTATEs of faults that pass, and that what was to be written may have caused itself: 53200 out of memory, 57014 a
 * statement that took too long. A full disk is none: it comes and goes, and an event must never be parked for it.
 */
const SUSPECT = /^(53200|57014)$/;

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'EAI_AGAIN']);

/** True for a fault of the surroundings, which passes; false for one that the same entries would meet again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof LogUnavailableError) return true;
  const code = textOf(error, 'code');
  if (code !== undefined) return PASSING.test(code) || NETWORK.has(code);
  return /Connection terminated|timeout|Client has encountered a connection error|Client was closed/i.test(
    textOf(error, 'message') ?? '',
  );
}

/** True for a fault that passes, unless what was to be written is too much for the database: then it comes back. */
export const isSuspect = (error: unknown): boolean => SUSPECT.test(textOf(error, 'code') ?? '');

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
      if (isSuspect(error)) suspects += 1;
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

/** A member of an error that is text. */
function textOf(error: unknown, name: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
