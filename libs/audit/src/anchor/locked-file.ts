import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCodeOf } from '#postgres';

/**
 * A lock that is older, or was seen there for so long, was left behind by a process that was killed: what it guards takes
 * milliseconds. Its age alone does not tell where a clock was set back, or the clocks of two machines differ.
 */
const STALE_MS = 5_000;

const LOOK_AGAIN_MS = 10;

/** Nobody waits longer; several may have to wait for each other. */
const WAIT_LIMIT_MS = 20_000;

const EVERYBODY_READS = 0o644;

/** A lock that is held; `isMine` asks whether it still is, which it is not after a pause of {@link STALE_MS}. */
export interface HeldLock {
  readonly isMine: () => Promise<boolean>;
}

/**
 * Does work while no other process does that takes the same lock, on this machine or on another that shares the folder.
 *
 * The lock is a file that is made by whoever takes it. One that a killed process left behind is broken after five
 * seconds, whatever the clock says meanwhile. Throws when the folder cannot be written, and when the lock is not free within twenty seconds.
 */
export async function withFileLock<Result>(file: string, work: (lock: HeldLock) => Promise<Result>): Promise<Result> {
  const token = randomUUID();
  const deadline = performance.now() + WAIT_LIMIT_MS;
  let seen: SeenLock | undefined;
  while (!(await tryLock(file, token))) {
    if (performance.now() > deadline) throw new Error(`Another process holds ${file} for too long.`);
    seen = await breakOrWatch(file, seen);
    await delay(LOOK_AGAIN_MS);
  }
  const isMine = async (): Promise<boolean> => (await readTextFile(file)) === token;
  try {
    return await work({ isMine });
  } finally {
    if (await isMine()) await rm(file, { force: true });
  }
}

async function tryLock(file: string, token: string): Promise<boolean> {
  const draft = `${file}.${token}`;
  try {
    // Linked, so that nobody ever sees it without its token.
    await writeWhole(draft, token);
    await link(draft, file);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Another's lock, and since when it was seen there, by the clock that is never set. */
interface SeenLock {
  readonly token: string;
  readonly since: number;
}

/** Takes another's lock away where it is old; answers one that is not, as it was seen first. */
export async function breakOrWatch(file: string, before: SeenLock | undefined): Promise<SeenLock | undefined> {
  const token = await readTextFile(file);
  const age = await stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs, noFile);
  if (token === undefined || age === undefined) return undefined;
  const seen = before?.token === token ? before : { token, since: performance.now() };
  if (age < STALE_MS && performance.now() - seen.since < STALE_MS) return seen;
  await breakLock(file, token);
  return undefined;
}

/** Takes a lock away; puts it back where it turns out to be another, taken meanwhile. */
async function breakLock(file: string, token: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(noFile);
  if ((await readTextFile(aside)) !== token) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/**
 * Puts a text in a file that is read whole or as it was before, whenever the machine stops: written beside it, forced
 * to disk, moved into place, and the folder forced to disk as well. `isStillAllowed` is asked last, before the move.
 */
export async function writeDurably(
  file: string,
  text: string,
  isStillAllowed: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeWhole(draft, text);
    if (!(await isStillAllowed())) return false;
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  const folder = await open(dirname(file), 'r');
  // Some file systems have nothing to force there.
  await folder.sync().catch(() => undefined);
  await folder.close();
  return true;
}

async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', EVERYBODY_READS);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The text of a small file; undefined when there is none. */
export const readTextFile = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(noFile);

function noFile(error: unknown): undefined {
  if (errorCodeOf(error) === 'ENOENT') return undefined;
  throw error;
}
