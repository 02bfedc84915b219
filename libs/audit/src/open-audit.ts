import type { Pool } from 'pg';
import type { EventLog } from '#event-log';
import type { Replays } from '#projections';
import { type Configuration, type Logger, systemClock } from '#runtime';
import { Audit } from './audit.js';
import { openAuditKey } from './signer/key-file.js';

/** The settings with which a process opens the audit. */
export interface AuditSetting {
  /** Works as the application's role, on a log whose schema and the audit's are there. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly key: Configuration['auditKey'];
  readonly selfCheckPauseMs: Configuration['selfCheckPauseMs'];
  /** True where this process may sign; it then also checks the log. */
  readonly follows: boolean;
  /** Folds long streams for proofs; without it, the audit has its own. */
  readonly replays?: Replays;
}

/** Opens the audit of a process with its key, which the first start makes; events of the audit go to the process's log. */
export async function openAudit(setting: AuditSetting): Promise<Audit> {
  const { pool, log, logger, key: place, follows, selfCheckPauseMs, replays } = setting;
  const onWarning = (message: string): void => logger.warn(message);
  const key = await openAuditKey(pool, { ...place, onWarning });
  return new Audit({
    pool,
    log,
    key,
    noteFile: place.noteFile,
    follows,
    selfCheckPauseMs,
    ...(replays && { replays }),
    onWarning,
    now: systemClock,
    onHalted: (error) => logger.fatal({ err: error }, 'the audit has halted: nothing more is signed'),
    onFound: (finding) =>
      logger.fatal(
        { ...finding },
        'reason' in finding ? 'the stored log is not what was signed' : 'a read model does not follow from the log',
      ),
    onTrouble: (error) => logger.warn({ err: error }, 'a self-check could not be made'),
  });
}
