import type { Pool, PoolClient } from 'pg';
import {
  ContradictionError,
  type ExportedEntry,
  LineFaultError,
  type VerifierKey,
  exportedEntries,
  restoreTree,
} from '#audit';
import { restoreEntries } from '#event-log';
import { inTransaction, isConnectionFault } from '#postgres';
import { AlteredFileError, type BackupFiles } from '../files/backup-files.js';
import { type BackupFault, backupFault } from '../form/backup-faults.js';
import { filesOfExport } from '../form/layout.js';
import type { ListedBackup } from '../files/listed-backup.js';
import { RestoreRefusedError, restoreTables } from './restore-tables.js';
import { RowFaultError, readTogether } from '../files/table-rows.js';
import { writeAlike } from './table-lines.js';
import { verifyBackup } from '../verification/verify-backup.js';

/** A backup to restore, and the database to restore it into. */
export interface RestoreRequest {
  readonly files: BackupFiles;
  /** Works as the owner of the log, whose schema is in today's form. */
  readonly pool: Pool;
  /** The key that the log must be signed with, known from elsewhere than the backup. */
  readonly key: VerifierKey;
  /** Called with the number of entries that are done, in each of two rounds. */
  readonly onProgress: (round: 'store' | 'read-back', done: { readonly count: number; readonly of: number }) => void;
}

/** A log that was restored, or why nothing was stored. */
export type RestoreOutcome =
  | { readonly outcome: 'restored'; readonly position: number; readonly root: string }
  | {
      readonly outcome: 'refused';
      readonly fault: BackupFault | { readonly reason: 'not-empty'; readonly message: string };
    };

/**
 * Restores a backup into an empty log: everything or nothing, in one transaction.
 *
 * The files are verified first, without the database. What was stored is then read back from its tables within the
 * transaction, entry by entry and table by table; it is committed only if the signed root comes out of the rows
 * themselves and every table gives its file again, byte for byte. Throws what the database throws: then nothing is stored.
 */
export async function restoreBackup(request: RestoreRequest): Promise<RestoreOutcome> {
  const verified = await verifyBackup(request.files, request.key);
  if (verified.verdict === 'refused') return { outcome: 'refused', fault: verified.fault };
  const { backup } = verified;
  try {
    const { position, root } = backup.description;
    await inTransaction(request.pool, (client) => restoreIn(client, backup, request));
    return { outcome: 'restored', position, root };
  } catch (error) {
    const fault = await findFault(error, request);
    if (fault) return { outcome: 'refused', fault };
    throw error;
  }
}

type RestoreFault = Extract<RestoreOutcome, { readonly outcome: 'refused' }>['fault'];

/**
 * Why nothing was stored; undefined for a fault of the database.
 *
 * What was verified can have changed before it was read again, and show as any error: of a line, of a column that is not
 * known, of a value that the database does not take. So the files are verified once more, unless it is plain that they are
 * not the cause.
 */
async function findFault(error: unknown, { files, key }: RestoreRequest): Promise<RestoreFault | undefined> {
  if (error instanceof AlteredFileError) return changedSince(error);
  const refusal = refusalIn(error);
  if (refusal?.reason === 'not-empty') return refusal;
  if (isConnectionFault(error)) return undefined;
  const verified = await verifyBackup(files, key);
  if (verified.verdict === 'refused') return changedSince(verified.fault);
  if (!(error instanceof LineFaultError || error instanceof RowFaultError)) return refusal;
  // The files are whole again, as on a disk that does not read the same each time.
  return changedSince({ reason: 'file-altered', message: `A file could not be read this time. ${error.message}` });
}

function refusalIn(error: unknown): RestoreFault | undefined {
  if (error instanceof RestoreRefusedError)
    return error.reason === 'not-empty'
      ? { reason: error.reason, message: error.message }
      : backupFault(error.reason, error.message);
  return error instanceof ContradictionError ? backupFault('content-differs', error.message) : undefined;
}

const changedSince = ({ reason, message }: BackupFault): BackupFault =>
  backupFault(
    reason,
    `${message} The backup was verified and changed before it was stored: see that nothing else writes to its directory and that its disk is sound, then restore again, or from another copy.`,
  );

async function restoreIn(client: PoolClient, backup: ListedBackup, request: RestoreRequest): Promise<void> {
  const { files, key, onProgress } = request;
  const { position: of, root } = backup.description;
  await writeAlike(client);
  await assertEmpty(client);
  await client.query("INSERT INTO log.settings (name, value) VALUES ('log', 'postgres') ON CONFLICT DO NOTHING");
  for await (const entries of exportedEntries(readTogether(files, backup, filesOfExport(backup.description)))) {
    await restoreEntries(client, entries.map(recordedEntry));
    onProgress('store', { count: entries.at(-1)?.position ?? 0, of });
  }
  await restoreTables(client, files, backup);
  const note = await noteOver(client, of);
  const restored = await restoreTree(client, {
    note,
    key,
    onProgress: (count) => onProgress('read-back', { count, of }),
  });
  if (Buffer.from(restored).toString('base64') !== root)
    throw new ContradictionError(`The restored log has another root at size ${of} than the backup.`);
}

const recordedEntry = ({ position, text, content }: ExportedEntry) => ({ ...content, position, text });

/** Under the lock of the head: nobody appends until the transaction has ended. */
async function assertEmpty(client: PoolClient): Promise<void> {
  const head = await client.query<{ position: number }>('SELECT position::float8 AS position FROM log.head FOR UPDATE');
  const { position = 0 } = head.rows[0] ?? {};
  if (position > 0)
    throw new RestoreRefusedError(
      'not-empty',
      `The log of this database has ${position} entries. A backup is restored into an empty log only: give a database or a data directory of its own.`,
    );
  const { rows } = await client.query<{ value: string }>("SELECT value FROM log.settings WHERE name = 'log'");
  if (rows[0] && rows[0].value !== 'postgres')
    throw new RestoreRefusedError(
      'not-empty',
      'The log of this database is kept in KurrentDB. Restore into a database of its own, then move the log: npm run switch-log (docs/cluster.md).',
    );
}

async function noteOver(client: PoolClient, size: number): Promise<string> {
  const { rows } = await client.query<{ note: string }>('SELECT note FROM audit.checkpoints WHERE size = $1', [size]);
  const [checkpoint] = rows;
  if (checkpoint) return checkpoint.note;
  throw new ContradictionError(`The backup has no checkpoint over its ${size} entries.`);
}
