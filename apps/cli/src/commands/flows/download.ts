import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { EXIT, Failure } from '../../exit-code.js';
import { parseJsonText } from '../../parse-json.js';
import { ProgressLine } from '../../progress.js';
import { throwUnwritable } from '../../render/sink.js';
import { unreachable } from '../../service/problems.js';
import type { Query, Service } from '../../service/service.js';
import type { Terminal } from '../../terminal.js';

/** A file of the service at an address at which it stays the same, and where it is to be. */
export interface Download {
  readonly service: Service;
  readonly path: string;
  readonly query: Query;
  readonly file: string;
  readonly terminal: Terminal;
  /** The pause after an attempt that brought nothing new; doubled after each further one. */
  readonly pauseMs?: number;
}

/** A file that was downloaded, checked against the digest that the service announced. */
export interface Downloaded {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** What is known of a file that is there in part, kept beside it. */
const noteSchema = z.object({
  address: z.string(),
  etag: z.string(),
  bytes: z.int(),
  /** SHA-256 in base64, as `Repr-Digest` says it. */
  digest: z.string(),
});

type PartNote = z.output<typeof noteSchema>;

/** A download that brings nothing new for so many attempts is given up; what is there stays for the next run. */
const ATTEMPTS = 5;
const PAUSE_MS = 500;

/**
 * Downloads a file, and goes on where it was cut off, in this run or an earlier one: `FILE.part` is what is there so far,
 * and the file appears when it is complete and has the announced digest.
 */
export async function download(wanted: Download): Promise<Downloaded> {
  const { file, terminal } = wanted;
  const progress = new ProgressLine(terminal, `bytes of ${file}`);
  try {
    const note = await fetchWhole(wanted, progress);
    return await finish(wanted, note);
  } finally {
    progress.end();
  }
}

const partOf = (file: string): string => `${file}.part`;
const noteOf = (file: string): string => `${file}.part.json`;

async function fetchWhole(wanted: Download, progress: ProgressLine): Promise<PartNote> {
  let note = await readNote(wanted);
  let size = note === undefined ? 0 : await sizeOf(partOf(wanted.file));
  for (let failures = 0; note === undefined || size < note.bytes;) {
    const before = size;
    try {
      note = await fetchRest(wanted, { note, size, progress });
    } catch (error) {
      if (error instanceof Failure && error.code !== EXIT.unavailable) throw error;
      failures = (await sizeOf(partOf(wanted.file))) > before ? 0 : failures + 1;
      if (failures >= ATTEMPTS) throw error instanceof Failure ? error : unreachable(wanted.service.url, error);
      await wait((wanted.pauseMs ?? PAUSE_MS) * 2 ** failures);
      note = await readNote(wanted);
    }
    size = note === undefined ? 0 : await sizeOf(partOf(wanted.file));
  }
  return note;
}

interface Begun {
  readonly note: PartNote | undefined;
  readonly size: number;
  readonly progress: ProgressLine;
}

async function fetchRest({ service, path, query, file }: Download, { note, size, progress }: Begun): Promise<PartNote> {
  const goesOn = note !== undefined && size > 0;
  const response = await service.send(path, {
    query,
    // The digest is of the file as it is.
    headers: {
      'accept-encoding': 'identity',
      ...(goesOn ? { range: `bytes=${size}-`, 'if-range': note.etag } : {}),
    },
  });
  const isRest = goesOn && response.status === 206;
  const current = isRest ? note : noteFrom(response, service.addressOf(path, query));
  if (!isRest)
    await writeFile(noteOf(file), JSON.stringify(current)).catch((error: unknown) => throwUnwritable(file, error));
  const handle = await open(partOf(file), isRest ? 'a' : 'w').catch((error: unknown) => throwUnwritable(file, error));
  try {
    await append({ handle, response, from: isRest ? size : 0, total: current.bytes, progress });
  } finally {
    await handle.close();
  }
  return current;
}

interface Appending {
  readonly handle: FileHandle;
  readonly response: Response;
  readonly from: number;
  readonly total: number;
  readonly progress: ProgressLine;
}

async function append({ handle, response, from, total, progress }: Appending): Promise<void> {
  let count = from;
  const chunks: AsyncIterable<Uint8Array> = response.body ?? new ReadableStream<Uint8Array>();
  for await (const chunk of chunks) {
    await handle.appendFile(chunk);
    progress.report({ count: (count += chunk.length), of: total });
  }
}

function noteFrom({ headers }: Response, address: string): PartNote {
  const digest = /sha-256=:([^:]+):/.exec(headers.get('repr-digest') ?? '')?.[1];
  const [etag, bytes] = [headers.get('etag'), headers.get('content-length')];
  if (digest !== undefined && etag !== null && bytes !== null) return { address, etag, bytes: Number(bytes), digest };
  throw new Failure(EXIT.usage, `${address} does not announce a length and a digest. ptl doctor compares versions.`);
}

async function readNote({ service, path, query, file }: Download): Promise<PartNote | undefined> {
  const read = noteSchema.safeParse(parseJsonText(await readFile(noteOf(file), 'utf8').catch(() => '')));
  return read.success && read.data.address === service.addressOf(path, query) ? read.data : undefined;
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function finish({ file }: Download, { bytes, digest }: PartNote): Promise<Downloaded> {
  const hash = createHash('sha256');
  const chunks: AsyncIterable<Buffer> = createReadStream(partOf(file));
  for await (const chunk of chunks) hash.update(chunk);
  const sha256 = hash.digest();
  await rm(noteOf(file), { force: true });
  if (sha256.toString('base64') !== digest) {
    await rm(partOf(file), { force: true });
    throw new Failure(EXIT.unavailable, `${file} did not arrive as the service announced it. Export it again.`);
  }
  await rename(partOf(file), file).catch((error: unknown) => throwUnwritable(file, error));
  return { bytes, sha256: sha256.toString('hex') };
}
