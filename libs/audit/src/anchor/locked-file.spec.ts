import { mkdtemp, open, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { breakOrWatch, withFileLock, writeDurably } from './locked-file.js';

const A_YEAR_S = 31_536_000;
const LONGER_THAN_ANY_MS = 5_001;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locked-file-'));
  file = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

/** Leaves a lock behind, as a process does that is killed. */
async function leaveLock(ageSeconds: number): Promise<void> {
  await writeFile(file, 'killed');
  const at = Date.now() / 1_000 - ageSeconds;
  await utimes(file, at, at);
}

describe('a lock that lies in a file', () => {
  it('lets one after the other work, and leaves nothing behind', async () => {
    const order: string[] = [];
    const work = (name: string) =>
      withFileLock(file, async ({ isMine }) => {
        order.push(name);
        expect(await isMine()).toBe(true);
        order.push(name);
      });
    await Promise.all(['a', 'b', 'c'].map(work));
    expect(order.filter((name, index) => index % 2 === 0 && order[index + 1] === name)).toHaveLength(3);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over when a killed process left it behind', async () => {
    await leaveLock(10);
    expect(await withFileLock(file, () => Promise.resolve('worked'))).toBe('worked');
  });

  it('is waited for while it is young, and taken over when it was seen for long, whatever the clock says', async () => {
    // As of a process whose clock was a year ahead, or before this one's was set back.
    await leaveLock(-A_YEAR_S);
    const seen = await breakOrWatch(file, undefined);
    expect(seen).toEqual({ token: 'killed', since: expect.any(Number) });
    expect(await breakOrWatch(file, seen)).toEqual(seen);
    expect(await readdir(folder)).toEqual(['lock']);
    await breakOrWatch(file, { token: 'killed', since: performance.now() - LONGER_THAN_ANY_MS });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is seen anew when another has it by now', async () => {
    await leaveLock(0);
    const since = performance.now() - LONGER_THAN_ANY_MS;
    const seen = await breakOrWatch(file, { token: 'another', since });
    expect(seen?.since).toBeGreaterThan(since);
    expect(await readdir(folder)).toEqual(['lock']);
  });
});

describe('a text that is written durably', () => {
  it('is forced to disk before it is in its place, and its folder after that', async () => {
    await writeFile(file, 'before');
    const look = (): Promise<string> => readFile(file, 'utf8');
    expect(await watchForcing(look, () => writeDurably(file, 'after'))).toEqual(['before', 'after']);
    expect(await readdir(folder)).toEqual(['lock']);
  });
});

/** What `look` saw during the work whenever a file or a folder had been forced to disk. */
async function watchForcing(look: () => Promise<string>, work: () => Promise<unknown>): Promise<readonly string[]> {
  const handle = await open(folder, 'r');
  await handle.close();
  const prototype: object = Object.getPrototypeOf(handle);
  const sync: unknown = Reflect.get(prototype, 'sync');
  if (typeof sync !== 'function') throw new Error('Nothing can be forced to disk.');
  const seen: string[] = [];
  const noting = async function (this: unknown): Promise<void> {
    await Reflect.apply(sync, this, []);
    seen.push(await look());
  };
  Reflect.set(prototype, 'sync', noting);
  try {
    await work();
  } finally {
    Reflect.set(prototype, 'sync', sync);
  }
  return seen;
}
