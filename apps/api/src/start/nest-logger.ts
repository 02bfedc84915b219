import type { LoggerService } from '@nestjs/common';
import type { Logger } from '#runtime';

/** Adapts the logger of the process for Nest; ordinary messages of Nest are logged as debug. */
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
