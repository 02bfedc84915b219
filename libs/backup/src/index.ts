/** Backups of a log in files: taking them while it is in use, verifying them, restoring them into an empty log. */
export { type BackupFiles, filesInMemory } from './files/backup-files.js';
export { type BackupFault, type BackupFaultReason } from './form/backup-faults.js';
export { BackupFolder } from './files/backup-folder.js';
export { type BackupOutcome, type TakenBackup, takeBackup } from './database/take-backup.js';
export { type RestoreOutcome, restoreBackup } from './database/restore-backup.js';
export { type BackupVerification, verifyBackup } from './verification/verify-backup.js';
