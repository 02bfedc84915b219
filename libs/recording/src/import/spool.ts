import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a piece of text lies in a spool. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
}

const BUFFER_BYTES = 1 << 16;

/**
 * A temporary file for texts that may be too many for memory.
 *
 * It has no name once it is open, so nothing is left behind, whatever ends the process.
 */
export class Spool {
  #buffered: Buffer[] = [];
  #bufferedBytes = 0;
  #end = 0;
  /** Settles when all that was taken out of the buffer is in the file. */
  #written: Promise<void> = Promise.resolve();

  private constructor(private readonly file: FileHandle) {}

  static async open(): Promise<Spool> {
    const path = join(tmpdir(), `policy-timeline-import-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new Spool(file);
  }

  /** Adds a text at the end. */
  async add(bytes: Buffer): Promise<Piece> {
    const piece = { offset: this.#end, length: bytes.length };
    this.#buffered.push(bytes);
    this.#bufferedBytes += bytes.length;
    this.#end += bytes.length;
    if (this.#bufferedBytes >= BUFFER_BYTES) await this.#flush();
    return piece;
  }

  /** Any number may read at once. */
  async read({ offset, length }: Piece): Promise<string> {
    await this.#flush();
    const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(length), 0, length, offset);
    if (bytesRead < length) throw new Error(`The import's temporary file ends at ${offset + bytesRead}.`);
    return buffer.toString('utf8');
  }

  close(): Promise<void> {
    return this.file.close();
  }

  /** Others may have emptied the buffer and not be done with it: all wait for the same write. */
  #flush(): Promise<void> {
    if (this.#bufferedBytes > 0) {
      const bytes = Buffer.concat(this.#buffered);
      this.#buffered = [];
      this.#bufferedBytes = 0;
      this.#written = this.#written.then(() => this.file.appendFile(bytes));
    }
    return this.#written;
  }
}
