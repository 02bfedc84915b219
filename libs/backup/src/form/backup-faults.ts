/**
 * Why a backup is refused:
 *
 * - `no-backup`: there is no MANIFEST;
 * - `newer-form`: a later version of this program wrote it;
 * - `file-missing`, `file-altered`: a listed file is not there, or it or the MANIFEST is not as it was written;
 * - `incomplete`: the MANIFEST does not list exactly the files that belong to such a backup;
 * - `key-differs`: it is of a log that is signed with another key;
 * - `content-differs`: the files are as listed, and what they contain is not what was signed.
 */
export type BackupFaultReason =
  'no-backup' | 'newer-form' | 'file-missing' | 'file-altered' | 'incomplete' | 'key-differs' | 'content-differs';

/** A fault of a backup, with a sentence for its operator. */
export interface BackupFault {
  readonly reason: BackupFaultReason;
  readonly message: string;
}

/** Makes a fault. */
export const backupFault = (reason: BackupFaultReason, message: string): BackupFault => ({ reason, message });
