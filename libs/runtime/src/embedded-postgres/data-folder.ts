import { execFile } from 'node:child_process';
import { chown, lchown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CannotStart } from '../cannot-start.js';
import { whyNotMade } from './server-faults.js';
import type { ServiceUser } from './service-user.js';

const run = promisify(execFile);

/** Where a server's data lies, and who must serve it. */
export interface DataFolder {
  readonly path: string;
  readonly user: ServiceUser | null;
}

const MAJOR_VERSION = '18';
const NEW_FOLDER = 'postgres-new-';
const LEFT_OVER_AFTER_MS = 600_000;

/**
 * How the server names its own data folder.
 *
 * The account may be unable to pass the folders above (root's home), so root opens the folder as the server's working
 * directory and the server reaches it through that, by no other path. Linux only; elsewhere the plain path must do.
 */
export function nameForServer(folder: DataFolder): string {
  return folder.user && process.platform === 'linux' ? '/proc/self/cwd' : folder.path;
}

/** The data below `dataFolder`, if there is any yet, with the account that owns it. */
export async function findData(dataFolder: string, user: ServiceUser | null): Promise<DataFolder | undefined> {
  const path = join(dataFolder, 'postgres');
  const version = await readFile(join(path, 'PG_VERSION'), 'utf8').catch(unlessAbsent);
  if (version === undefined) return undefined;
  if (version.trim() !== MAJOR_VERSION) {
    throw new CannotStart(
      `${path} was written by PostgreSQL ${version.trim()}; this is ${MAJOR_VERSION}. Dump it with the old version, or set DATA_DIR to another directory.`,
    );
  }
  const { uid, gid } = await stat(path);
  if (user === null || uid !== 0) return { path, user: user && { uid, gid } };
  await giveTo(user, path);
  return { path, user };
}

/** Creates the data below `dataFolder` in one step: a start that is cut off leaves nothing half made behind. */
export async function createData(dataFolder: string, programs: string, user: ServiceUser | null): Promise<DataFolder> {
  await mkdir(dataFolder, { recursive: true });
  await removeLeftOvers(dataFolder);
  const draft: DataFolder = { path: await mkdtemp(join(dataFolder, NEW_FOLDER)), user };
  if (user) await chown(draft.path, user.uid, user.gid);
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const logins = ['-U', 'postgres', '--auth-local=peer', '--auth-host=reject'];
  const parameters = ['-D', nameForServer(draft), ...logins, '-E', 'UTF8', ...locale];
  await run(join(programs, 'bin/initdb'), parameters, { cwd: draft.path, env: {}, ...user }).catch(
    (error: { readonly stderr?: unknown }) => {
      throw new CannotStart(whyNotMade(String(error.stderr), dataFolder));
    },
  );
  const path = join(dataFolder, 'postgres');
  await rename(draft.path, path).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft.path, { recursive: true, force: true });
    // Another process was first: its data is as new as ours.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await makeDurable(dataFolder);
  return { path, user };
}

async function removeLeftOvers(dataFolder: string): Promise<void> {
  const names = (await readdir(dataFolder)).filter((name) => name.startsWith(NEW_FOLDER));
  for (const path of names.map((name) => join(dataFolder, name))) {
    const found = await stat(path).catch(unlessAbsent);
    if (found && Date.now() - found.mtimeMs > LEFT_OVER_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

async function giveTo(user: ServiceUser, path: string): Promise<void> {
  await chown(path, user.uid, user.gid);
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), user.uid, user.gid);
  }
}

async function makeDurable(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
