import type { LoggerService } from '@nestjs/common';
import type { Logger } from '#runtime';

/** Lets Nest speak through the process's logger; what it says in passing counts as debugging. */
export function nestLogger(logger: Logger): LoggerService {
  const logAt =
    (level: 'debug' | 'trace' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...details: unknown[]) =>
      logger[level]({ details }, String(message));
  return {
    log: logAt('debug'),
    debug: logAt('debug'),
    verbose: logAt('trace'),
    warn: logAt('warn'),
    error: logAt('error'),
    fatal: logAt('fatal'),
  };
}
