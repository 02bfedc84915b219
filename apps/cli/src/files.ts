import { open, readFile } from 'node:fs/promises';
import { EXIT, Failure } from './exit-code.js';
import type { Terminal } from './terminal.js';

const CHUNK_BYTES = 1_048_576;

/** A file that is read from its beginning to its end. */
export interface OpenFile {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Absent for standard input. */
  readonly bytes?: number;
}

/** Opens a file, or standard input for `-`. Throws a {@link Failure} that names what cannot be opened. */
export async function openFile(name: string, { stdin }: Terminal): Promise<OpenFile> {
  if (name === '-') return { chunks: stdin };
  const handle = await open(name).catch((error: unknown) => throwUnreadable(name, error));
  const stats = await handle.stat();
  if (!stats.isDirectory())
    return { chunks: handle.createReadStream({ highWaterMark: CHUNK_BYTES }), bytes: stats.size };
  await handle.close();
  throw new Failure(EXIT.usage, `${name} is a directory; give a file, or - for standard input.`);
}

/** Reads a small file as text. */
export const readText = (name: string): Promise<string> =>
  readFile(name, 'utf8').catch((error: unknown) => throwUnreadable(name, error));

function throwUnreadable(name: string, error: unknown): never {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') throw new Failure(EXIT.notFound, `There is no file ${name}.`);
  if (code === 'EISDIR') throw new Failure(EXIT.usage, `${name} is a folder; give a file.`);
  throw new Failure(EXIT.unavailable, `${name} cannot be read: ${String(error)}`);
}
