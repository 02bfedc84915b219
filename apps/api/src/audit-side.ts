import { Audit, openAuditKey } from '#audit';
import type { EventLog } from '#event-log';
import type { Configuration, Logger } from '#runtime';
import type pg from 'pg';

/** Opens the audit as this process has it: its key, and whether it follows the log, as it does the read models. */
export async function openAudit({
  configuration: { auditKey, projections },
  logger,
  pool,
  log,
}: {
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly pool: pg.Pool;
  readonly log: EventLog;
}): Promise<Audit> {
  const key = await openAuditKey(pool, { ...auditKey, onWarning: (message) => logger.warn(message) });
  return new Audit({
    pool,
    log,
    key,
    follows: projections,
    onHalted: (error) => logger.fatal({ err: error }, 'the audit has halted: nothing more is signed'),
  });
}
