import { open } from 'node:fs/promises';
import { throwUnwritable } from '../../render/sink.js';
import type { Terminal } from '../../terminal.js';

/** Where a tail writes: standard output, or the end of a file. */
export interface TailOutput {
  readonly isFile: boolean;
  /** Resolves when the text has left the process. */
  write(text: string): Promise<void>;
  /** The length of the file; undefined of standard output. */
  bytes(): number | undefined;
  close(): Promise<void>;
}

/** Opens the output of a tail. A file is cut to the length at which its state was kept: what follows is sent again. */
export async function openTailOutput(
  { stdout }: Terminal,
  file: string | undefined,
  keptBytes: number | undefined,
): Promise<TailOutput> {
  if (file !== undefined && file !== '-') return openTailFile(file, keptBytes);
  return {
    isFile: false,
    write: (text) =>
      text === ''
        ? Promise.resolve()
        : new Promise((resolve, reject) => {
            stdout.write(text, (error) => (error ? reject(error) : resolve()));
          }),
    bytes: () => undefined,
    close: async () => undefined,
  };
}

async function openTailFile(file: string, keptBytes: number | undefined): Promise<TailOutput> {
  const handle = await open(file, 'a').catch((error: unknown) => throwUnwritable(file, error));
  let { size: bytes } = await handle.stat();
  if (keptBytes !== undefined && keptBytes < bytes) {
    await handle.truncate(keptBytes);
    bytes = keptBytes;
  }
  return {
    isFile: true,
    write: async (text) => {
      await handle.appendFile(text).catch((error: unknown) => throwUnwritable(file, error));
      bytes += Buffer.byteLength(text);
    },
    bytes: () => bytes,
    close: () => handle.close(),
  };
}
