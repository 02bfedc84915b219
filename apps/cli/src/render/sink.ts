import { once } from 'node:events';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { EXIT, Failure } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

/** Where data is written: standard output, or a file. */
export interface Sink {
  readonly isFile: boolean;
  /** Resolves when more can be written without piling up. */
  write(data: string | Uint8Array): Promise<void>;
  finish(): Promise<void>;
  /** Drops what was written, if it went to a file. */
  abandon(): Promise<void>;
}

/** Writes to a file, or to standard output for `-` or no name: the file appears when the run succeeds, and not otherwise. */
export async function withSink<Result>(
  terminal: Terminal,
  file: string | undefined,
  run: (sink: Sink) => Promise<Result>,
): Promise<Result> {
  const sink = await openSink(terminal, file);
  try {
    const result = await run(sink);
    await sink.finish();
    return result;
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

/** Opens a file, or standard output for `-` or no name. Throws a {@link Failure} that names what cannot be written. */
async function openSink({ stdout }: Terminal, file?: string): Promise<Sink> {
  if (file !== undefined && file !== '-') return openFileSink(file);
  return {
    isFile: false,
    write: async (data) => {
      if (!stdout.write(data)) await once(stdout, 'drain');
    },
    finish: async () => undefined,
    abandon: async () => undefined,
  };
}

/** Writes beside the file and renames in the end, so that nobody finds half of it. A device is written to as it is. */
async function openFileSink(file: string): Promise<Sink> {
  const found = await stat(file).catch(() => undefined);
  const isDevice = found !== undefined && !found.isFile();
  const path = isDevice ? file : `${file}.${process.pid}.part`;
  const handle = await open(path, 'w').catch((error: unknown) => throwUnwritable(file, error));
  return {
    isFile: true,
    write: (data) => writeWhole(handle, data).catch((error: unknown) => throwUnwritable(file, error)),
    finish: async () => {
      await handle.close();
      if (!isDevice) await rename(path, file).catch((error: unknown) => throwUnwritable(file, error));
    },
    abandon: async () => {
      await handle.close();
      if (!isDevice) await rm(path, { force: true });
    },
  };
}

const writeWhole = (handle: FileHandle, data: string | Uint8Array): Promise<void> => handle.appendFile(data);

/** Throws what a file that cannot be written means to the user. */
export function throwUnwritable(file: string, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new Failure(EXIT.unavailable, `${file} cannot be written: ${reason}`);
}
