import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ExportSpool, type ExportSpoolOptions, type SpooledFile } from './spool.js';

let folder: string;
let spool: ExportSpool;
let now: number;

const spoolOf = (options: Partial<ExportSpoolOptions> = {}): ExportSpool =>
  new ExportSpool({ folder, limitBytes: 100, now: () => now, ...options });

async function* piecesOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

async function readWhole(file: SpooledFile): Promise<string> {
  const handle = await file.open();
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** The files that lie in the folder of the spool. */
async function pathsThere(): Promise<readonly string[]> {
  const folders = await readdir(folder);
  const files = folders.map(async (name) =>
    (await readdir(join(folder, name))).map((file) => join(folder, name, file)),
  );
  return (await Promise.all(files)).flat();
}

const filesThere = async (): Promise<number> => (await pathsThere()).length;

const removeAll = (): Promise<void> => rm(folder, { recursive: true });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'policy-timeline-spool-'));
  now = 0;
  spool = spoolOf();
});

afterEach(async () => {
  await spool.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a spool', () => {
  it('makes a file once for all who ask for it, also while it is being made', async () => {
    let made = 0;
    const pieces = () => {
      made += 1;
      return piecesOf('ab', 'c');
    };
    const [one, other] = await Promise.all([spool.file('key', pieces), spool.file('key', pieces)]);
    expect([made, one, (await spool.file('key', pieces)) === other]).toEqual([1, other, true]);
    expect(await readWhole(one)).toBe('abc');
    expect(one).toMatchObject({ length: 3, sha256: createHash('sha256').update('abc').digest() });
  });

  it('leaves nothing of a file that could not be made, and makes it when asked again', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* piecesOf('half');
      throw new Error('the database went away');
    }
    await expect(spool.file('key', failing)).rejects.toThrow('went away');
    expect(await filesThere()).toBe(0);
    expect(await readWhole(await spool.file('key', () => piecesOf('whole')))).toBe('whole');
  });

  it('makes again what somebody else removed, a file or the folder of all', async () => {
    const ask = () => spool.file('key', () => piecesOf('whole'));
    for (const remove of [async () => Promise.all((await pathsThere()).map((path) => rm(path))), removeAll]) {
      await ask();
      await remove();
      expect(await readWhole(await ask())).toBe('whole');
      expect(await filesThere()).toBe(1);
    }
  });

  it('evicts what was not used for longest to make room, and lets its reader read on', async () => {
    const first = await spool.file('first', () => piecesOf('x'.repeat(60)));
    const handle = await first.open();
    await spool.file('second', () => piecesOf('y'.repeat(30)));
    await spool.file('third', () => piecesOf('z'.repeat(30)));
    expect((await handle.readFile('utf8')).length).toBe(60);
    await handle.close();
    let made = 0;
    const count = () => {
      made += 1;
      return piecesOf('y');
    };
    await spool.file('second', count);
    await spool.file('first', count);
    expect(made).toBe(1);
  });

  it('has no room for a file that is larger than all of it, and keeps nothing half', async () => {
    await expect(spool.file('key', () => piecesOf('x'.repeat(60), 'x'.repeat(60)))).rejects.toMatchObject({
      name: 'SpoolFullError',
    });
    expect(await filesThere()).toBe(0);
  });

  it('says that the disk is full, and keeps nothing half', async () => {
    await spool.close();
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    spool = spoolOf({
      create: async (path) => {
        const handle = await open(path, 'wx');
        return { write: () => Promise.reject(full), close: () => handle.close() };
      },
    });
    await expect(spool.file('key', () => piecesOf('x'))).rejects.toMatchObject({ name: 'SpoolFullError' });
    expect(await filesThere()).toBe(0);
  });

  it('removes what processes that ended have left', async () => {
    const left = join(folder, '999999999-left');
    await mkdir(left);
    await writeFile(join(left, 'file'), 'x');
    await spool.file('key', () => piecesOf('x'));
    expect((await readdir(folder)).includes('999999999-left')).toBe(false);
  });

  it('removes its own when it is closed', async () => {
    await spool.file('key', () => piecesOf('x'));
    await spool.close();
    expect(await readdir(folder)).toEqual([]);
  });
});
