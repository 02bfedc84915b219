import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportLine } from '#recording';

/** The result of loading the seeds. */
export interface SeedReport {
  readonly files: number;
  readonly recorded: number;
  readonly repeated: number;
  /** A sentence for each line that was refused, naming its file and line. */
  readonly complaints: readonly string[];
}

/** Imports the bytes of NDJSON; yields a result for each line, and a summary. */
export type Import = (lines: AsyncIterable<Uint8Array>) => AsyncIterable<ImportLine>;

/**
 * Loads all `*.ndjson` files of the folder, in order of name, as one import, so that they may refer to each other.
 *
 * Events that are on record already are skipped. A refused line is reported and does not stop the others. Throws when
 * stopped; the next start continues.
 */
export async function loadSeeds(folder: string, importEvents: Import, stopping: AbortSignal): Promise<SeedReport> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ndjson')).toSorted();
  const lines = new SeedLines(folder, files);
  const complaints: string[] = [];
  let [recorded, repeated] = [0, 0];
  for await (const answer of importEvents(lines.bytes())) {
    stopping.throwIfAborted();
    if ('summary' in answer) ({ recorded, repeated } = answer.summary);
    else if (answer.result === 'rejected') complaints.push(`${lines.place(answer.line)}: ${sentences(answer)}`);
  }
  return { files: files.length, recorded, repeated, complaints };
}

function sentences({ key, errors = [] }: Extract<ImportLine, { line: number }>): string {
  const said = errors.map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`)).join(' ');
  return key === undefined ? said : `${key}: ${said}`;
}

const NEWLINE = 10;

/** The lines of several files as one stream, with the origin of each line. */
class SeedLines {
  private readonly starts: { readonly file: string; readonly line: number }[] = [];
  private count = 0;

  constructor(
    private readonly folder: string,
    private readonly files: readonly string[],
  ) {}

  async *bytes(): AsyncGenerator<Uint8Array> {
    for (const file of this.files) {
      this.starts.push({ file, line: this.count });
      let last = NEWLINE;
      for await (const chunk of createReadStream(join(this.folder, file))) {
        const bytes: Buffer = chunk;
        for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) this.count += 1;
        last = bytes.at(-1) ?? last;
        yield bytes;
      }
      if (last === NEWLINE) continue;
      this.count += 1;
      yield Buffer.from('\n');
    }
  }

  /** `file:line` of a line of the whole, both counted from 1. */
  place(line: number): string {
    const start = this.starts.findLast((one) => one.line < line);
    return start === undefined ? `line ${line}` : `${start.file}:${line - start.line}`;
  }
}
