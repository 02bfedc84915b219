import { destination, pino, type Logger } from 'pino';
import type { LogLevel } from './configuration.js';

export type { Logger };

const STANDARD_ERROR = 2;

/**
 * Makes the process's logger: one JSON object a line on standard error.
 *
 * Standard output is left to the lines that other programs wait for ("listening on …").
 * Lines are written at once, so none is lost when the process ends.
 */
export function createLogger(level: LogLevel): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return pino(options, destination({ fd: STANDARD_ERROR, sync: true }));
}
