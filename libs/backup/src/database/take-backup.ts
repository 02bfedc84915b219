import type { Pool } from 'pg';
import { type SignedPrefix, readSignedPrefix } from '#audit';
import { readSetting } from '#event-log';
import { inTransaction, lockSession, sleep, unlockSession } from '#postgres';
import type { BackupFolder, WrittenFile } from '../files/backup-folder.js';
import { type CarriedTable, carriedTables } from '../form/carried-tables.js';
import { descriptionText } from '../form/description.js';
import { DESCRIPTION, EXPORT, PART_ENTRIES, type PartSpan, partName, spansOf } from '../form/layout.js';
import { type ListedBackup, listBackup } from '../files/listed-backup.js';
import type { ListedFile } from '../form/manifest.js';
import { listColumns, tableLines, writeAlike } from './table-lines.js';

/** A log to back up, and where to. */
export interface BackupRequest {
  /** Works as the application's role, on the log's database. */
  readonly pool: Pool;
  readonly folder: BackupFolder;
  readonly now: () => number;
  /** Called with the number of entries that are in files. */
  readonly onProgress: (done: { readonly count: number; readonly of: number }) => void;
  /** Entries in a full part of the log, where no earlier backup says; 16,384 unless given. */
  readonly partEntries?: number;
  /** How long to wait until all that was recorded is signed; 10 s unless given. */
  readonly signLimitMs?: number;
}

/** A backup that was taken. */
export interface TakenBackup {
  readonly position: number;
  /** The signed root at that position, in base64. */
  readonly root: string;
  readonly vkey: string;
  /** Entries that were recorded before it began and not signed within the limit: they are not in it. */
  readonly unsigned: number;
  readonly files: { readonly kept: number; readonly written: number; readonly bytes: number };
}

/** A backup, or a sentence about why none was taken: then the folder is as it was. */
export type BackupOutcome =
  | { readonly outcome: 'taken'; readonly taken: TakenBackup }
  | { readonly outcome: 'refused'; readonly message: string };

const refused = (message: string): BackupOutcome => ({ outcome: 'refused', message });

/**
 * Takes a backup of a log while it is in use, as of one position: that up to which it is signed.
 *
 * Into a folder with an earlier backup of the same log it writes only what came after that, and what can change. One
 * backup of a log at a time: another waits. Throws what the file system or the database throws; then, too, the folder
 * has the backup that it had.
 */
export async function takeBackup(request: BackupRequest): Promise<BackupOutcome> {
  const foreign = await request.folder.prepare();
  if (foreign !== undefined)
    return refused(
      `The folder has a file ${foreign}, which is not of a backup. Give an empty folder, or one with a backup.`,
    );
  const lock = await request.pool.connect();
  try {
    await lockSession(lock, 'backup');
    const outcome = await takeAlone(request);
    await unlockSession(lock, 'backup');
    return outcome;
  } finally {
    // Closed with its lock, whatever became of that.
    lock.release(true);
  }
}

/** The earlier backup in a folder: none where none was finished. */
async function earlierIn(folder: BackupFolder) {
  const listing = await listBackup(folder);
  if (listing.ok) return { ok: true, earlier: listing.backup } as const;
  return listing.fault.reason === 'no-backup'
    ? ({ ok: true } as const)
    : ({ ok: false, message: listing.fault.message } as const);
}

async function takeAlone(request: BackupRequest): Promise<BackupOutcome> {
  const { pool, folder } = request;
  const found = await earlierIn(folder);
  if (!found.ok) return refused(`The backup in this folder cannot be continued. ${found.message} Give another folder.`);
  const vkey = await readSetting(pool, 'audit-key');
  if (vkey === undefined) return refused(NOTHING_SIGNED);
  const begunAt = await waitForSigner(request);
  const snapshot = await readSnapshot(request, vkey);
  if (!snapshot) return refused(NOTHING_SIGNED);
  const { signed } = snapshot;
  const { earlier } = found;
  if (earlier && !(await isContinued(earlier, signed)))
    return refused(
      'The backup in this folder is not one of this log, or of a state that was rolled back. Give another folder.',
    );
  const partEntries = earlier?.description.partEntries ?? request.partEntries ?? PART_ENTRIES;
  const parts = await writeParts({ ...request, partEntries }, signed, earlier);
  const description = await folder.write(DESCRIPTION, [
    descriptionText({
      position: signed.size,
      partEntries,
      root: Buffer.from(signed.root).toString('base64'),
      vkey,
      takenAt: new Date(request.now()).toISOString(),
      tables: carriedTables.map(({ name }) => name),
    }),
  ]);
  const written = [...snapshot.files, ...parts.written, description];
  await folder.commit([...parts.kept, ...written]);
  return { outcome: 'taken', taken: takenBackup(snapshot.signed, begunAt, { kept: parts.kept, written }) };
}

const NOTHING_SIGNED =
  'Nothing of this log is signed yet, so there is nothing that a backup could prove. Start the service once, then try again.';

function takenBackup(
  signed: SignedPrefix,
  begunAt: number,
  { kept, written }: { readonly kept: readonly ListedFile[]; readonly written: readonly WrittenFile[] },
): TakenBackup {
  return {
    position: signed.size,
    root: Buffer.from(signed.root).toString('base64'),
    vkey: signed.vkey,
    unsigned: Math.max(0, begunAt - signed.size),
    files: {
      kept: kept.length,
      written: written.length,
      bytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  };
}

const SIGN_LIMIT_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/** Waits until what is recorded by now is signed, at most so long; for nobody where nobody signs. Answers the head by now. */
async function waitForSigner({ pool, signLimitMs = SIGN_LIMIT_MS }: BackupRequest): Promise<number> {
  const never = new AbortController().signal;
  const deadline = performance.now() + signLimitMs;
  const head = await headOf(pool);
  while (performance.now() < deadline) {
    const { rows } = await pool.query<{ size: number; signs: boolean }>(
      `SELECT position::float8 AS size, error IS NULL AND owner IS NOT NULL AND leased_until > clock_timestamp() AS signs
        FROM audit.follower`,
    );
    const [follower] = rows;
    if (!follower?.signs || follower.size >= head) return head;
    await sleep(LOOK_AGAIN_MS, never);
  }
  return head;
}

async function headOf(client: Pick<Pool, 'query'>): Promise<number> {
  const { rows } = await client.query<{ position: number }>('SELECT position::float8 AS position FROM log.head');
  return rows[0]?.position ?? 0;
}

/** Everything that can change, as of one moment. */
interface Snapshot {
  readonly signed: SignedPrefix;
  readonly files: readonly WrittenFile[];
}

/** Entries and checkpoints never change, and are read later: so the moment is short, whatever the length of the log. */
const readSnapshot = ({ pool, folder }: BackupRequest, vkey: string): Promise<Snapshot | undefined> =>
  inTransaction(pool, async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await writeAlike(client);
    const signed = await readSignedPrefix(client, { pool, vkey });
    if (!signed) return undefined;
    const files: WrittenFile[] = [];
    for (const table of carriedTables.filter(({ parts }) => parts === undefined)) {
      const span = { columns: await listColumns(client, table), after: 0, upTo: signed.size };
      files.push(await folder.write(table.name, tableLines(client, table, span)));
    }
    return { signed, files };
  });

/** True where a log begins with what is in an earlier backup. */
async function isContinued({ description }: ListedBackup, signed: SignedPrefix): Promise<boolean> {
  if (description.vkey !== signed.vkey || description.position > signed.size) return false;
  return Buffer.from(await signed.rootAt(description.position)).toString('base64') === description.root;
}

/** Writes the parts of the log that an earlier backup does not have. */
async function writeParts(
  request: BackupRequest & { readonly partEntries: number },
  signed: SignedPrefix,
  earlier: ListedBackup | undefined,
) {
  const kept: ListedFile[] = [];
  const written: WrittenFile[] = [];
  for (const span of spansOf({ position: signed.size, partEntries: request.partEntries })) {
    const names = [EXPORT, ...tablesInParts.map(({ name }) => name)].map((name) => partName(name, span));
    const found = names.flatMap((name) => earlier?.listed.get(name) ?? []);
    if (!span.isLast && found.length === names.length) kept.push(...found);
    else written.push(...(await writePart(request, signed, span)));
    request.onProgress({ count: span.upTo, of: signed.size });
  }
  return { kept, written };
}

const tablesInParts = carriedTables.filter(({ parts }) => parts !== undefined);

async function writePart(
  { pool, folder }: BackupRequest,
  signed: SignedPrefix,
  span: PartSpan,
): Promise<readonly WrittenFile[]> {
  const entries = await folder.write(partName(EXPORT, span), signed.lines(span));
  const files = [entries];
  for (const table of tablesInParts) files.push(await writeTablePart({ pool, folder, table, span }));
  return files;
}

interface TablePart extends Pick<BackupRequest, 'pool' | 'folder'> {
  readonly table: CarriedTable;
  readonly span: PartSpan;
}

const writeTablePart = ({ pool, folder, table, span }: TablePart): Promise<WrittenFile> =>
  inTransaction(pool, async (client) => {
    await writeAlike(client);
    const columns = await listColumns(client, table);
    return folder.write(partName(table.name, span), tableLines(client, table, { ...span, columns }));
  });
