import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, access, mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive } from '#runtime';
import { Semaphore } from '../live/semaphore.js';

/** A file that is complete and does not change. */
export interface SpooledFile {
  readonly length: number;
  readonly sha256: Buffer;
  /** Opens it for reading; whoever opens it closes it. It can be read to its end even after it was evicted. */
  readonly open: () => Promise<FileHandle>;
}

/** What a spool is made with. */
export interface ExportSpoolOptions {
  /** Holds a folder for each process. */
  readonly folder: string;
  readonly limitBytes: number;
  readonly now: () => number;
  /** Opens a file to be written. */
  readonly create?: (path: string) => Promise<Pick<FileHandle, 'write' | 'close'>>;
}

/** What a spool holds, what it may hold, and the disk that it is on. */
export interface SpoolRoom {
  readonly files: number;
  readonly bytes: number;
  readonly limitBytes: number;
  /** Null where the system does not say. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
}

/** There is no room for a file, on the disk or in the share of the spool. */
export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError';
}

/** A file stays so long after it was last opened. */
const KEPT_MS = 600_000;

const SWEEP_EVERY_MS = 60_000;

/** So many files are made at a time: each keeps a connection to the database busy. */
const MADE_AT_ONCE = 2;

interface Kept {
  readonly path: string;
  file: Promise<SpooledFile> | undefined;
  bytes: number;
  /** Undefined while it is being made. */
  openedAt: number | undefined;
}

/** Files made once for many readers, each of which may be slow: made by one, kept for a while, evicted when room is needed. */
export class ExportSpool {
  readonly #kept = new Map<string, Kept>();
  readonly #making = new Semaphore(MADE_AT_ONCE);
  readonly #folder: string;
  readonly #sweeping: NodeJS.Timeout;
  #isSwept = false;

  constructor(private readonly options: ExportSpoolOptions) {
    this.#folder = join(options.folder, `${process.pid}-${randomUUID()}`);
    this.#sweeping = setInterval(() => this.#evict(({ openedAt }) => this.#isOver(openedAt)), SWEEP_EVERY_MS).unref();
  }

  /**
   * The file of a key, which says all that its content depends on: as it was made, or made now of these pieces. Requests
   * for a file that is being made wait for it. One that somebody else removed is made again.
   */
  async file(key: string, pieces: () => AsyncIterable<Uint8Array>): Promise<SpooledFile> {
    const known = this.#kept.get(key);
    if (known?.file) {
      // The most recently used are last.
      this.#kept.delete(key);
      this.#kept.set(key, known);
      const file = await known.file;
      if (await isThere(known.path)) return file;
      if (this.#kept.get(key) === known) this.#kept.delete(key);
      return this.file(key, pieces);
    }
    const kept: Kept = { path: join(this.#folder, randomUUID()), bytes: 0, openedAt: undefined, file: undefined };
    const made = this.#making.run(() => this.#make(kept, pieces));
    kept.file = made;
    this.#kept.set(key, kept);
    try {
      return await made;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  /** How much is held, and how much room there is. */
  async room(): Promise<SpoolRoom> {
    const bytes = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    const { folder, limitBytes } = this.options;
    return { files: this.#kept.size, bytes, limitBytes, disk: await diskOf(folder) };
  }

  /** Removes all files. */
  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    this.#kept.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #make(kept: Kept, pieces: () => AsyncIterable<Uint8Array>): Promise<SpooledFile> {
    const { path } = kept;
    await this.#prepare();
    const { create = createFile } = this.options;
    const hash = createHash('sha256');
    try {
      const handle = await create(path);
      try {
        for await (const piece of pieces()) {
          this.#makeRoom(piece.length);
          kept.bytes += piece.length;
          hash.update(piece);
          await writeWhole(handle, piece);
        }
      } finally {
        await handle.close();
      }
    } catch (error) {
      await rm(path, { force: true });
      throw isFull(error) ? new SpoolFullError('The disk of the exports is full.') : error;
    }
    kept.openedAt = this.options.now();
    return { length: kept.bytes, sha256: hash.digest(), open: () => this.#open(kept) };
  }

  /** The folder can go at any time: whoever tidies up temporary files takes it for one. */
  async #prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    if (this.#isSwept) return;
    this.#isSwept = true;
    const folders = await readdir(this.options.folder);
    const left = folders.filter((name) => !isInUse(name));
    await Promise.all(left.map((name) => rm(join(this.options.folder, name), { recursive: true, force: true })));
  }

  #open(kept: Kept): Promise<FileHandle> {
    kept.openedAt = this.options.now();
    return open(kept.path, 'r');
  }

  #isOver(openedAt: number | undefined): boolean {
    return openedAt !== undefined && openedAt + KEPT_MS <= this.options.now();
  }

  /** Evicts the least recently used files until there is room for so many more bytes. */
  #makeRoom(bytes: number): void {
    const { limitBytes } = this.options;
    let held = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, bytes);
    this.#evict((kept) => {
      if (held <= limitBytes || kept.openedAt === undefined) return false;
      held -= kept.bytes;
      return true;
    });
    if (held > limitBytes)
      throw new SpoolFullError('The exports that are being made have all the room there is for them.');
  }

  #evict(isOver: (kept: Kept) => boolean): void {
    for (const [key, kept] of this.#kept) {
      if (!isOver(kept)) continue;
      this.#kept.delete(key);
      // A reader who has it open reads on; on a system where that keeps it from being removed, `close` removes it.
      rm(kept.path, { force: true }).catch(() => undefined);
    }
  }
}

/** The disk of a folder, which may not be there yet. */
async function diskOf(folder: string): Promise<SpoolRoom['disk']> {
  const found = await statfs(folder).catch(() => undefined);
  if (found) return { freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize };
  return dirname(folder) === folder ? null : diskOf(dirname(folder));
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const createFile = (path: string): Promise<FileHandle> => open(path, 'wx');

async function writeWhole(handle: Pick<FileHandle, 'write'>, piece: Uint8Array): Promise<void> {
  for (let written = 0; written < piece.length;) {
    const { bytesWritten } = await handle.write(piece, written);
    written += bytesWritten;
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

/** True for a folder whose process runs, and for one that is named after none. */
function isInUse(name: string): boolean {
  const pid = Number.parseInt(name, 10);
  return !Number.isSafeInteger(pid) || pid <= 0 || isAlive(pid);
}
