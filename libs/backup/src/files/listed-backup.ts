import { AlteredFileError, type BackupFiles, readListedText } from './backup-files.js';
import { type BackupFault, backupFault } from '../form/backup-faults.js';
import { carriedTables } from '../form/carried-tables.js';
import { type BackupDescription, parseDescription } from '../form/description.js';
import { DESCRIPTION, fileNameOf, filesOfExport, filesOfTable, nameInFile } from '../form/layout.js';
import { type ListedFile, MANIFEST, parseManifest } from '../form/manifest.js';

/** A backup whose MANIFEST and description were read: which files it has; not yet what is in them. */
export interface ListedBackup {
  readonly description: BackupDescription;
  /** Every listed file by what it is. */
  readonly listed: ReadonlyMap<string, ListedFile>;
}

/** What was listed, or why nothing can be. */
export type BackupListing =
  { readonly ok: true; readonly backup: ListedBackup } | { readonly ok: false; readonly fault: BackupFault };

const refused = (...fault: Parameters<typeof backupFault>): BackupListing => ({
  ok: false,
  fault: backupFault(...fault),
});

/** Reads which files a backup has, and asserts that those are all that belong to it. */
export async function listBackup(files: BackupFiles): Promise<BackupListing> {
  const manifest = await files.open(MANIFEST);
  if (!manifest) return refused('no-backup', 'There is no MANIFEST: no backup was finished here.');
  const chunks: Uint8Array[] = [];
  for await (const chunk of manifest) chunks.push(chunk);
  const entries = parseManifest(Buffer.concat(chunks));
  if (!entries) return refused('file-altered', 'The MANIFEST is not as it was written.');
  const listed = new Map(entries.map((file) => [nameInFile(file.name), file]));
  const file = listed.get(DESCRIPTION);
  if (!file) return refused('incomplete', 'The MANIFEST lists no description of the backup.');
  const description = await readDescription(files, file);
  if (description instanceof AlteredFileError) return refused(description.reason, description.message);
  if (description === undefined) return refused('incomplete', `${file.name} is no description of a backup.`);
  if (description === 'newer' || description.tables.some((name) => !isKnown(name)))
    return refused('newer-form', 'A newer version of this program wrote the backup. Restore it with that version.');
  return asListed(description, entries);
}

const isKnown = (name: string): boolean => carriedTables.some((table) => table.name === name);

async function readDescription(files: BackupFiles, file: ListedFile) {
  try {
    return parseDescription(await readListedText(files, file));
  } catch (error) {
    if (error instanceof AlteredFileError) return error;
    throw error;
  }
}

/** Holds the listed files against those that belong to a backup of this position with these tables. */
function asListed(description: BackupDescription, entries: readonly ListedFile[]): BackupListing {
  const tables = carriedTables.filter(({ name }) => description.tables.includes(name));
  const wanted = new Set([
    DESCRIPTION,
    ...filesOfExport(description),
    ...tables.flatMap((table) => filesOfTable(table, description)),
  ]);
  const listed = new Map<string, ListedFile>();
  for (const file of entries) {
    const name = nameInFile(file.name) ?? '';
    if (!wanted.has(name) || listed.has(name) || fileNameOf(name, file.sha256) !== file.name)
      return refused('incomplete', `The MANIFEST lists ${file.name}, which does not belong to this backup.`);
    listed.set(name, file);
  }
  const missing = [...wanted].find((name) => !listed.has(name));
  if (missing !== undefined) return refused('incomplete', `The MANIFEST does not list the file ${missing}.`);
  return { ok: true, backup: { description, listed } };
}
