import { LineFaultError, type VerifierKey, parseVerifierKey, verifyExport } from '#audit';
import { AlteredFileError, type BackupFiles, readListed } from '../files/backup-files.js';
import { type BackupFault, backupFault } from '../form/backup-faults.js';
import { findContentFault } from './content-check.js';
import { EXPORT, filesOfExport } from '../form/layout.js';
import { type ListedBackup, listBackup } from '../files/listed-backup.js';
import { RowFaultError, readTogether } from '../files/table-rows.js';

/** A backup that was verified from its files alone, or the first thing that is wrong with it. */
export type BackupVerification =
  | { readonly verdict: 'verified'; readonly backup: ListedBackup; readonly key: VerifierKey }
  | { readonly verdict: 'refused'; readonly fault: BackupFault };

const refuse = (...fault: Parameters<typeof backupFault>): BackupVerification => ({
  verdict: 'refused',
  fault: backupFault(...fault),
});

/**
 * Verifies a backup from its files alone: no database, no network, no clock.
 *
 * First that every file is there and as it was written, to the byte; then that the entries are those that were signed,
 * with every checkpoint, and that texts beside them are what they commit to. Without a key, that of the backup itself is
 * taken, which shows no more than that it is whole. What nothing is signed over it can only compare with the MANIFEST:
 * idempotency keys, settings, citations.
 */
export async function verifyBackup(files: BackupFiles, key?: VerifierKey): Promise<BackupVerification> {
  try {
    return await verify(files, key);
  } catch (error) {
    if (error instanceof AlteredFileError) return refuse(error.reason, error.message);
    if (error instanceof LineFaultError || error instanceof RowFaultError)
      return refuse('content-differs', `A file of the backup cannot be read. ${error.message}`);
    throw error;
  }
}

async function verify(files: BackupFiles, known: VerifierKey | undefined): Promise<BackupVerification> {
  const listing = await listBackup(files);
  if (!listing.ok) return { verdict: 'refused', fault: listing.fault };
  const { backup } = listing;
  const { vkey } = backup.description;
  if (known && known.text !== vkey)
    return refuse('key-differs', `The backup is of a log that is signed with ${vkey}; the key here is ${known.text}.`);
  const key = parseVerifierKey(vkey);
  if (!key.ok) return refuse('content-differs', `The backup names no key. ${key.message}`);
  for (const file of backup.listed.values()) await readToEnd(readListed(files, file));
  const fault = (await findExportFault(files, backup, key.value)) ?? (await findContentFault(files, backup, key.value));
  return fault ? { verdict: 'refused', fault } : { verdict: 'verified', backup, key: key.value };
}

async function readToEnd(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const reader = chunks[Symbol.asyncIterator]();
  while (!(await reader.next()).done);
}

async function findExportFault(
  files: BackupFiles,
  backup: ListedBackup,
  key: VerifierKey,
): Promise<BackupFault | undefined> {
  const { position, root } = backup.description;
  const verified = await verifyExport(readTogether(files, backup, filesOfExport(backup.description)), { key });
  if (verified.verdict === 'not-verified') return backupFault('content-differs', verified.fault.message);
  if (verified.size === position && verified.root === root) return undefined;
  return backupFault(
    'content-differs',
    `The ${EXPORT} is of ${verified.size} entries with root ${verified.root}; the backup is described as of ${position} with root ${root}.`,
  );
}
