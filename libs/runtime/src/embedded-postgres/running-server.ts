import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive } from '../live-process.js';

const run = promisify(execFile);

/** What the lock file in a data folder says about a server there. */
export type LockState =
  | { readonly state: 'free' }
  /** A server runs on this data, starting, serving or stopping. */
  | { readonly state: 'served'; readonly pid: number }
  /** Left behind, and its number now belongs to a process that has nothing to do with it. */
  | { readonly state: 'stale'; readonly pid: number }
  /** Left behind without content, as a loss of power does; or another server is just now writing it. */
  | { readonly state: 'blank'; readonly ageMs: number };

/** Reads `postmaster.pid` and finds out whether the process it names still serves this data. */
export async function lockState(data: string): Promise<LockState> {
  const path = join(data, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return { state: 'free' };
  const pid = Number(text.split('\n')[0]);
  if (!Number.isInteger(pid) || pid < 1) return { state: 'blank', ageMs: await ageOf(path) };
  if (!isAlive(pid)) return { state: 'free' };
  return { state: (await serves(pid, data)) ? 'served' : 'stale', pid };
}

async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : 0;
}

/** A server's working directory is its data folder. Where that cannot be looked up, its name has to do. */
export async function serves(pid: number, data: string): Promise<boolean> {
  const [mine, its] = await Promise.all([stat(data), stat(`/proc/${pid}/cwd`).catch(() => undefined)]);
  if (its) return its.dev === mine.dev && its.ino === mine.ino;
  const named = await run('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => undefined);
  return named !== undefined && named.stdout.includes('postgres');
}
