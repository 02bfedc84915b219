import { type Audit, openAudit } from '#audit';
import type { Replays } from '#projections';
import type { Opening } from './open-together.js';
import type { OpenedLog } from './recording.js';

/** The sources of a process's audit. */
export interface AuditOfLog extends OpenedLog {
  /** True where this process may sign the log and check it. */
  readonly follows: boolean;
  /** The threads that fold long streams for proofs; the audit has its own without it. */
  readonly replays?: Replays;
}

/** Creates the audit of a process, with its key; {@link startAudit} begins to sign. */
export const createAudit = (
  { configuration: { auditKey: key, selfCheckPauseMs }, logger }: Pick<Opening, 'configuration' | 'logger'>,
  audited: AuditOfLog,
): Promise<Audit> => openAudit({ ...audited, logger, key, selfCheckPauseMs });

/** Starts the audit, until the process closes. */
export function startAudit({ closing }: Pick<Opening, 'closing'>, audit: Audit): void {
  audit.start();
  closing.add(() => audit.stop());
}
