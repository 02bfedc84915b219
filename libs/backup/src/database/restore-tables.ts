import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { splitLines } from '#audit';
import { type BackupFiles, readListed } from '../files/backup-files.js';
import { type CarriedTable, carriedTables } from '../form/carried-tables.js';
import { filesOfTable, spansOf } from '../form/layout.js';
import type { ListedBackup } from '../files/listed-backup.js';
import type { ListedFile } from '../form/manifest.js';
import { listColumns, restoreLines, tableLines } from './table-lines.js';
import { rowIn } from '../files/table-rows.js';

/** A restore that the database does not permit. */
export class RestoreRefusedError extends Error {
  override readonly name = 'RestoreRefusedError';
  constructor(
    readonly reason: 'not-empty' | 'newer-form' | 'content-differs',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Restores the carried tables, and reads each back: it must give the file that it was restored from, byte for byte. So
 * what was there before, and is not in the backup, is found as well.
 */
export async function restoreTables(client: PoolClient, files: BackupFiles, backup: ListedBackup): Promise<void> {
  const { description } = backup;
  for (const table of carriedTables.filter(({ name }) => description.tables.includes(name)))
    for (const [index, name] of filesOfTable(table, description).entries()) {
      const file = backup.listed.get(name);
      const { after, upTo } = table.parts === undefined ? WHOLE : (spansOf(description)[index] ?? WHOLE);
      if (file) await restoreFile(client, { files, file, table, after, upTo });
    }
}

const WHOLE = { after: 0, upTo: Number.MAX_SAFE_INTEGER };

interface FileToRestore {
  readonly files: BackupFiles;
  readonly file: ListedFile;
  readonly table: CarriedTable;
  readonly after: number;
  readonly upTo: number;
}

async function restoreFile(client: PoolClient, { files, file, table, after, upTo }: FileToRestore): Promise<void> {
  const known = new Set(await listColumns(client, table));
  let columns: readonly string[] | undefined;
  for await (const batch of splitLines(readListed(files, file))) {
    const lines = batch.map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
    const [first] = lines;
    if (first === undefined) continue;
    columns ??= Object.keys(rowIn(first, 1));
    if (columns.some((name) => !known.has(name)))
      throw new RestoreRefusedError(
        'newer-form',
        `A newer version of this program wrote the backup: ${table.table} has a column that this one does not know.`,
      );
    await restoreLines(client, table, { columns, lines });
  }
  const hash = createHash('sha256');
  for await (const line of tableLines(client, table, { columns: columns ?? [...known], after, upTo }))
    hash.update(line);
  if (hash.digest('hex') !== file.sha256) throw otherRows(table);
}

const otherRows = ({ table }: CarriedTable): RestoreRefusedError =>
  new RestoreRefusedError(
    'not-empty',
    `${table} of this database has rows that are not in the backup. Restore into a database or a data directory of its own, in which nothing was started before.`,
  );
