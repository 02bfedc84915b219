import { z } from 'zod';
import {
  type EntryContent,
  type ExportedEntry,
  Frontier,
  type VerifierKey,
  exportedEntries,
  findTexts,
  leafHash,
  openCheckpoint,
  sameHash,
} from '#audit';
import type { BackupFiles } from '../files/backup-files.js';
import { type BackupFault, backupFault } from '../form/backup-faults.js';
import { carriedTables } from '../form/carried-tables.js';
import { filesOfExport, filesOfTable } from '../form/layout.js';
import type { ListedBackup } from '../files/listed-backup.js';
import { RowsByPosition, type CarriedRow, readTogether, tableRows } from '../files/table-rows.js';

/** Finds what the rows beside the entries contradict: entries that were verified before. */
export async function findContentFault(
  files: BackupFiles,
  backup: ListedBackup,
  key: VerifierKey,
): Promise<BackupFault | undefined> {
  const { position } = backup.description;
  const rowsOf = (name: string) => rowsOfTable(files, backup, name);
  const beside = {
    key,
    checkpoints: new RowsByPosition(rowsOf('checkpoints'), 'size'),
    texts: new RowsByPosition(rowsOf('erasable'), 'position'),
  };
  const message =
    (await findBesideEntries(
      exportedEntries(readTogether(files, backup, filesOfExport(backup.description))),
      beside,
    )) ??
    (await findUnlike(rowsOf('settings'), isSetting(key.text))) ??
    (await findUnlike(rowsOf('idempotency-keys'), isIdempotencyKey(position))) ??
    (await findUnlike(rowsOf('citations'), () => true));
  return message === undefined ? undefined : backupFault('content-differs', message);
}

/** The rows of a carried table; none where the backup does not carry it. */
function rowsOfTable(files: BackupFiles, backup: ListedBackup, name: string): AsyncGenerator<CarriedRow> {
  const tables = carriedTables.filter((table) => table.name === name);
  const names = tables.flatMap((table) => filesOfTable(table, backup.description));
  return tableRows(readTogether(files, backup, names));
}

interface BesideEntries {
  readonly key: VerifierKey;
  readonly checkpoints: RowsByPosition;
  readonly texts: RowsByPosition;
}

/** Holds the checkpoint over each size against the entries, and the texts beside each entry against it. */
async function findBesideEntries(
  batches: AsyncIterable<readonly ExportedEntry[]>,
  { key, checkpoints, texts }: BesideEntries,
): Promise<string | undefined> {
  const tree = new Frontier();
  const ofSize = async (): Promise<string | undefined> =>
    checkpoints.isNext(tree.size) ? findCheckpoint(await checkpoints.at(tree.size), tree, key) : undefined;
  const first = await ofSize();
  if (first !== undefined) return first;
  for await (const batch of batches)
    for (const { position, text, content } of batch) {
      tree.append(leafHash(Buffer.from(text, 'utf8')));
      const rows = texts.isNext(position) ? await texts.at(position) : [];
      const fault = (await ofSize()) ?? (rows.length > 0 ? findText(position, content, rows) : undefined);
      if (fault !== undefined) return fault;
    }
  if (await checkpoints.rest())
    return 'A checkpoint is of no size up to the position of the backup, or not in its place.';
  return (await texts.rest()) ? 'A text is beside no entry of the backup, or not in its place.' : undefined;
}

const checkpointRow = z.object({ size: z.int(), root: z.string(), note: z.string() });

function findCheckpoint(rows: readonly CarriedRow[], tree: Frontier, key: VerifierKey): string | undefined {
  const isSigned = rows.every((row) => {
    const { data } = checkpointRow.safeParse(row);
    const opened = data && openCheckpoint(data.note, key);
    if (!opened?.ok || opened.value.size !== tree.size || !sameHash(opened.value.root, tree.root())) return false;
    return data?.root === `\\x${Buffer.from(tree.root()).toString('hex')}`;
  });
  return isSigned && rows.length < 2
    ? undefined
    : `The checkpoint over ${tree.size} entries is not the one that was signed.`;
}

const textRow = z.object({ pointer: z.string(), salt: z.string(), value: z.string() });

function findText(position: number, content: EntryContent, rows: readonly CarriedRow[]): string | undefined {
  const texts = rows.flatMap((row) => textRow.safeParse(row).data ?? []);
  if (texts.length < rows.length) return `A text beside the entry at position ${position} has other columns.`;
  const beside = texts.map((text) => ({ position, ...text }));
  // A text that was erased is missing, as it should be.
  return findTexts(position, content, beside).find(({ reason }) => reason !== 'text-missing')?.message;
}

async function findUnlike(
  rows: AsyncIterable<CarriedRow>,
  isAsIs: (row: CarriedRow) => boolean,
): Promise<string | undefined> {
  for await (const row of rows)
    if (!isAsIs(row)) return `A row is not as it can be: ${JSON.stringify(row).slice(0, 200)}`;
  return undefined;
}

const isSetting =
  (vkey: string) =>
  ({ name, value }: CarriedRow) =>
    typeof value === 'string' && name !== 'log' && (name !== 'audit-key' || value === vkey);

const isIdempotencyKey =
  (last: number) =>
  ({ position }: CarriedRow) =>
    typeof position === 'number' && position >= 1 && position <= last;
