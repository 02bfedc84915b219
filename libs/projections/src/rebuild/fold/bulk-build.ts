import { setImmediate } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { type Position, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import { inTransaction } from '#postgres';
import { groupRows } from '../../rows/rows-at.js';
import { type TableText, copyText } from '../../rows/row-writer.js';
import type { FoldedStream, StreamFolder } from './fold-streams.js';

/** Streams are folded until their rows come to this much text; then they are copied, while the next are folded. */
const CHUNK_BYTES = 4_000_000;

const STREAMS = 200;

/** The progress of a build: streams that began at this position or before are built. */
export interface BuildProgress {
  readonly cursor: Position;
  readonly events: number;
}

export interface BulkBuild {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readFirsts'>;
  readonly folder: StreamFolder;
  /** Where the tables stand, without indexes. */
  readonly schema: string;
  /** The last position whose entry is built in. */
  readonly upTo: Position;
  readonly from: BuildProgress;
  /** Runs in the transaction of each chunk; what it throws ends the build. */
  readonly onChunk: (client: PoolClient, reached: BuildProgress) => Promise<void>;
}

interface Chunk {
  readonly texts: readonly TableText[];
  readonly reached: BuildProgress;
}

/**
 * Builds read models from the log into empty tables, policy by policy: each is folded as a whole, so that a row is
 * written once, with its end. Goes on where an earlier build ended. Closes the folder.
 */
export async function buildInBulk(build: BulkBuild): Promise<void> {
  let copied: Promise<void> = Promise.resolve();
  try {
    for await (const chunk of chunksOf(build)) {
      await copied;
      copied = copyChunk(build, chunk);
      // Raised when the next chunk is there, or below.
      copied.catch(() => undefined);
    }
  } finally {
    await build.folder.close();
    await copied;
  }
}

const copyChunk = ({ pool, schema, onChunk }: BulkBuild, { texts, reached }: Chunk): Promise<void> =>
  inTransaction(pool, async (client) => {
    await onChunk(client, reached);
    for (const text of texts) await copyText(client, text, schema);
  });

async function* chunksOf(build: BulkBuild): AsyncGenerator<Chunk> {
  let pending: TableText[] = [];
  let bytes = 0;
  let reached = build.from;
  for await (const { first, texts, events } of streamsOf(build)) {
    pending.push(...texts);
    bytes += sizeOf(texts);
    reached = { cursor: first, events: reached.events + events };
    if (bytes < CHUNK_BYTES) continue;
    yield { texts: byTable(pending), reached };
    [pending, bytes] = [[], 0];
  }
  if (reached.cursor > build.from.cursor) yield { texts: byTable(pending), reached };
}

const sizeOf = (texts: readonly TableText[]): number =>
  texts.flatMap(({ parts }) => parts).reduce((sum, { length }) => sum + length, 0);

/** All of a table one after the other, so that each is copied by one statement. */
const byTable = (texts: readonly TableText[]): Chunk['texts'] =>
  [...groupRows(texts, ({ table }) => table.name).values()].flatMap((of) =>
    of.slice(0, 1).map(({ table }) => ({ table, parts: of.flatMap(({ parts }) => parts) })),
  );

interface BuiltStream extends FoldedStream {
  readonly first: Position;
}

/** The streams in the order in which they began; some are folded ahead. */
async function* streamsOf({ log, folder, upTo, from }: BulkBuild): AsyncGenerator<BuiltStream> {
  const ahead: { readonly first: Position; readonly folded: Promise<FoldedStream> }[] = [];
  for await (const first of firstsOf(log, from.cursor, upTo)) {
    const folded = folder.fold(first.stream);
    // Raised when it is its turn.
    folded.catch(() => undefined);
    ahead.push({ first: position(first.position), folded });
    if (ahead.length >= folder.width) yield* builtOf(ahead.shift());
  }
  while (ahead.length > 0) yield* builtOf(ahead.shift());
}

async function* builtOf(
  next: { readonly first: Position; readonly folded: Promise<FoldedStream> } | undefined,
): AsyncGenerator<BuiltStream> {
  if (next) yield { first: next.first, ...(await next.folded) };
}

async function* firstsOf(log: BulkBuild['log'], from: Position, upTo: Position): AsyncGenerator<LogEntry> {
  for (let after = from; ;) {
    const firsts: readonly LogEntry[] = await log.readFirsts(after, STREAMS);
    for (const first of firsts) {
      if (first.position > upTo) return;
      await setImmediate();
      yield first;
    }
    const last = firsts.at(-1);
    if (!last) return;
    after = position(last.position);
  }
}
