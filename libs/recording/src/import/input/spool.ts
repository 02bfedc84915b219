import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The position of a text in a spool. */
export interface SpooledText {
  readonly offset: number;
  readonly length: number;
}

const BUFFER_BYTES = 1 << 16;

/**
 * Texts that may be too many for memory: what is more than a buffer goes to a temporary file.
 *
 * The file is made when it is first needed, so whoever sends slowly holds none open. It has no name once it is open, so
 * nothing is left behind, whatever ends the process.
 */
export class Spool {
  #buffered: Buffer[] = [];
  #bufferedBytes = 0;
  #end = 0;
  #file: Promise<FileHandle> | undefined;
  /** Settles when all that was taken out of the buffer is in the file. */
  #written: Promise<void> = Promise.resolve();

  constructor(private readonly folder = tmpdir()) {}

  /** Adds a text at the end. */
  async add(bytes: Buffer): Promise<SpooledText> {
    const piece = { offset: this.#end, length: bytes.length };
    this.#buffered.push(bytes);
    this.#bufferedBytes += bytes.length;
    this.#end += bytes.length;
    if (this.#bufferedBytes >= BUFFER_BYTES) await this.#flush();
    return piece;
  }

  /** Any number may read at once. */
  async read(piece: SpooledText): Promise<string> {
    return (await this.readBytes(piece)).toString('utf8');
  }

  /** As {@link read}, for what need not be text. */
  async readBytes({ offset, length }: SpooledText): Promise<Buffer> {
    if (offset + length > this.#end) throw new Error(`The texts end at ${this.#end}.`);
    if (!this.#file) return this.#inMemory().subarray(offset, offset + length);
    await this.#flush();
    const file = await this.#file;
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
    if (bytesRead < length) throw new Error(`The import's temporary file ends at ${offset + bytesRead}.`);
    return buffer;
  }

  async close(): Promise<void> {
    // What could not be written was reported to whoever added or read it.
    await this.#written.catch(() => undefined);
    const file = await this.#file?.catch(() => undefined);
    await file?.close();
  }

  /** All texts, while there is no file. */
  #inMemory(): Buffer {
    const [first, ...others] = this.#buffered;
    if (first && others.length === 0) return first;
    const all = Buffer.concat(this.#buffered);
    this.#buffered = [all];
    return all;
  }

  /** Others may have emptied the buffer and not be done with it: all wait for the same write. */
  #flush(): Promise<void> {
    if (this.#bufferedBytes > 0) {
      const bytes = Buffer.concat(this.#buffered);
      this.#buffered = [];
      this.#bufferedBytes = 0;
      const file = (this.#file ??= openNameless(this.folder));
      this.#written = this.#written.then(async () => (await file).appendFile(bytes));
    }
    return this.#written;
  }
}

async function openNameless(folder: string): Promise<FileHandle> {
  const path = join(folder, `policy-timeline-import-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
