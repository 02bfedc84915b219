import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf } from '#postgres';
import type { BackupFiles } from './backup-files.js';
import { fileNameOf, nameInFile } from '../form/layout.js';
import { type ListedFile, MANIFEST, manifestText } from '../form/manifest.js';

const DRAFT = '.draft-';
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const CHUNK_BYTES = 1_048_576;
const NO_FILE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

/** A file that was written, and its length. */
export interface WrittenFile extends ListedFile {
  readonly bytes: number;
}

/**
 * A folder with a backup, or for one. It names what it has in its MANIFEST, which is replaced in one step when all is
 * written: until then what was there before counts, and is all there.
 */
export class BackupFolder implements BackupFiles {
  constructor(private readonly path: string) {}

  async open(name: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      const handle = await open(join(this.path, name));
      return handle.createReadStream({ highWaterMark: CHUNK_BYTES });
    } catch (error) {
      if (NO_FILE.has(errorCodeOf(error))) return undefined;
      throw error;
    }
  }

  /** Makes the folder if it is missing; answers a file in it that no backup has, if there is one. */
  async prepare(): Promise<string | undefined> {
    await mkdir(this.path, { recursive: true, mode: OWNER_ONLY_FOLDER });
    return (await readdir(this.path)).find((file) => !isOwn(file));
  }

  /** Writes a file, durably, under a name that says what is in it; nothing is left of it where that fails. */
  async write(name: string, lines: AsyncIterable<string> | Iterable<string>): Promise<WrittenFile> {
    const draft = join(this.path, `${DRAFT}${randomUUID()}`);
    try {
      const written = await writeLines(draft, lines);
      const file = fileNameOf(name, written.sha256);
      await rename(draft, join(this.path, file));
      return { ...written, name: file };
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** Lets these files be the backup, in one step, and removes those that were part of an earlier one alone. */
  async commit(files: readonly ListedFile[]): Promise<void> {
    const draft = join(this.path, `${DRAFT}${randomUUID()}`);
    try {
      await this.#makeDurable();
      await writeLines(draft, [manifestText(files)]);
      await rename(draft, join(this.path, MANIFEST));
      await this.#makeDurable();
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    const kept = new Set([MANIFEST, ...files.map(({ name }) => name)]);
    for (const file of await readdir(this.path))
      if (isOwn(file) && !kept.has(file)) await rm(join(this.path, file), { force: true });
  }

  async #makeDurable(): Promise<void> {
    const handle = await open(this.path, 'r');
    await handle.sync().finally(() => handle.close());
  }
}

const isOwn = (file: string): boolean => file === MANIFEST || file.startsWith(DRAFT) || nameInFile(file) !== undefined;

async function writeLines(
  path: string,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const handle = await open(path, 'wx', OWNER_ONLY);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of chunksOfLines(lines)) {
      hash.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Lines in pieces that are worth a write. */
async function* chunksOfLines(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  let [waiting, length]: [string[], number] = [[], 0];
  for await (const line of lines) {
    waiting.push(line);
    length += line.length;
    if (length < CHUNK_BYTES) continue;
    yield Buffer.from(waiting.join(''), 'utf8');
    [waiting, length] = [[], 0];
  }
  yield Buffer.from(waiting.join(''), 'utf8');
}
