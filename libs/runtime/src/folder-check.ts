import { access, constants, mkdir, readdir, stat } from 'node:fs/promises';
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
  await makeFolder(path);
  await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
}

/**
 * Makes a folder where it is missing, with those above it.
 *
 * Node's own `recursive` never ends below a folder that takes no new ones and says that they are missing, as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  const make = async (): Promise<unknown> => mkdir(path).catch(async (error: unknown) => unlessFolder(path, error));
  try {
    await make();
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await make();
  }
}

/** Throws the error with which a folder was not made, unless it is there. */
async function unlessFolder(path: string, error: unknown): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) throw error;
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
