import { createHash } from 'node:crypto';

/** The files of a backup, wherever they are. */
export interface BackupFiles {
  /** The bytes of a file, piece by piece; undefined where there is none of that name. */
  open(name: string): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined>;
}

/** A file that is not what the MANIFEST lists. */
export class AlteredFileError extends Error {
  override readonly name = 'AlteredFileError';
  constructor(
    readonly reason: 'file-missing' | 'file-altered',
    message: string,
  ) {
    super(message);
  }
}

/** Keeps the files of a backup in memory. */
export const filesInMemory = (files: ReadonlyMap<string, Uint8Array>): BackupFiles => ({
  open: async (name) => {
    const bytes = files.get(name);
    return bytes && [bytes];
  },
});

/** A listed file, to be read. */
interface FileToRead {
  readonly name: string;
  readonly sha256: string;
}

/** Reads a file to its end; throws {@link AlteredFileError} there unless it is as listed. */
export async function* readListed(files: BackupFiles, { name, sha256 }: FileToRead): AsyncGenerator<Uint8Array> {
  const chunks = await files.open(name);
  if (!chunks) throw new AlteredFileError('file-missing', `The file ${name} is missing.`);
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256)
    throw new AlteredFileError('file-altered', `The file ${name} is not as it was written: its SHA-256 differs.`);
}

/** Reads a file as {@link readListed} does, as text. */
export async function readListedText(files: BackupFiles, file: FileToRead): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readListed(files, file)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
