import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Configuration } from './configuration.js';
import { explainFolder } from './start-faults.js';

/**
 * Throws {@link CannotStart} for a folder of the configuration that is missing or cannot be used: before a long start,
 * not at the first request that needs it. Folders that are written are made where they are missing.
 */
export async function checkFolders({ dataFolder, spoolFolder, seedsFolder, ...rest }: Configuration): Promise<void> {
  const { auditKey, projections } = rest;
  const written = new Map([
    [dataFolder, 'DATA_DIR'],
    [spoolFolder, 'SPOOL_DIR'],
  ]);
  const noteFolder = dirname(auditKey.noteFile);
  if (projections && noteFolder !== dirname(auditKey.file)) written.set(noteFolder, 'AUDIT_NOTE_FILE');
  for (const [path, variable] of written) await explainFolder({ path, variable }, () => makeWritable(path));
  if (seedsFolder !== undefined)
    await explainFolder({ path: seedsFolder, variable: 'SEEDS' }, () => readdir(seedsFolder));
}

async function makeWritable(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
}
