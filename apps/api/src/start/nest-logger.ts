import type { LoggerService } from '@nestjs/common';
import type { Logger } from '#runtime';

/** Lets Nest speak through the process's logger; what it says in passing counts as debugging. */
export function nestLogger(logger: Logger): LoggerService {
  const said =
    (level: 'debug' | 'trace' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...details: unknown[]) =>
      logger[level]({ details }, String(message));
  return {
    log: said('debug'),
    debug: said('debug'),
    verbose: said('trace'),
    warn: said('warn'),
    error: said('error'),
    fatal: said('fatal'),
  };
}
