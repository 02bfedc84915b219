import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { openFile } from '../../files.js';
import type { Terminal } from '../../terminal.js';

/** The name under which standard input is shown. */
const STANDARD_INPUT = '-';

const LINE_FEED = 10;

interface InputFile {
  readonly name: string;
  readonly path: string;
}

/** The files of an import as one body: each line keeps its place, and can be read again. */
export class ImportInput {
  /** The number of the first line of each file in the whole, from 1 on. */
  readonly #begins: number[] = [];
  #lines = 0;

  private constructor(
    private readonly files: readonly InputFile[],
    private readonly folder: string | undefined,
    private readonly bytes: number,
  ) {}

  /** Looks for all files; standard input is kept in a temporary file, since lines of it may be needed again. */
  static async open(names: readonly string[], terminal: Terminal): Promise<ImportInput> {
    const folder = names.includes(STANDARD_INPUT) ? await mkdtemp(join(tmpdir(), 'ptl-import-')) : undefined;
    const files: InputFile[] = [];
    let bytes = 0;
    for (const name of names) {
      const path = name === STANDARD_INPUT && folder !== undefined ? join(folder, 'input') : name;
      if (path !== name) await pipeline(terminal.stdin, createWriteStream(path));
      // Opened to say in a sentence what is wrong with it.
      const chunks = (await openFile(path, terminal)).chunks[Symbol.asyncIterator]();
      await chunks.next();
      await chunks.return?.();
      bytes += (await stat(path)).size;
      files.push({ name, path });
    }
    return new ImportInput(files, folder, bytes);
  }

  /** How many lines were sent. */
  get lines(): number {
    return this.#lines;
  }

  /** The bytes of all files, with a line feed at the end of each. */
  stream(onProgress: (bytes: number, of: number) => void): ReadableStream<Uint8Array> {
    return ReadableStream.from(this.#chunks(onProgress));
  }

  async *#chunks(onProgress: (bytes: number, of: number) => void): AsyncGenerator<Uint8Array> {
    let sent = 0;
    for (const { path } of this.files) {
      this.#begins.push(this.#lines + 1);
      let last = LINE_FEED;
      for await (const chunk of createReadStream(path)) {
        const bytes: Uint8Array = chunk;
        this.#lines += countLines(bytes);
        last = bytes.at(-1) ?? last;
        yield bytes;
        sent += bytes.length;
        onProgress(sent, this.bytes);
      }
      if (last === LINE_FEED) continue;
      this.#lines += 1;
      yield Uint8Array.of(LINE_FEED);
    }
  }

  /** The file of a line of the whole, and its number there. */
  placeOf(line: number): { readonly file: string; readonly line: number } {
    const index = this.#begins.findLastIndex((begin) => begin <= line);
    return { file: this.files[index]?.name ?? '', line: line - (this.#begins[index] ?? 1) + 1 };
  }

  /** Every line with its number in the whole. */
  async *numberedLines(): AsyncGenerator<readonly [number, string]> {
    for (const [index, { path }] of this.files.entries()) {
      let number = this.#begins[index] ?? 1;
      for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity }))
        yield [number++, text];
    }
  }

  async close(): Promise<void> {
    if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true });
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
