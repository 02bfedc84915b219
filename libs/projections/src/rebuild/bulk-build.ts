import { setImmediate } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { type Position, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import type { PolicyChange, Projection } from '../projection.js';
import { takenChanges } from '../runner/poison.js';
import { changesOfStream } from '../runner/policy-ledgers.js';
import { type Table, settled } from '../table.js';
import { inTransaction } from '../transaction.js';
import { type CopyText, copyRows, copyText } from './copy-rows.js';

/** Streams are folded until their rows come to this much text; then they are copied, while the next are folded. */
const CHUNK_CHARACTERS = 4_000_000;

const STREAMS = 200;

/** Where a build stands: streams that began at this position or before are built. */
export interface BuildProgress {
  readonly cursor: Position;
  readonly events: number;
}

export interface BulkBuild {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readFirsts' | 'readStream'>;
  readonly projections: readonly Projection[];
  /** Where the tables stand, without indexes. */
  readonly schema: string;
  /** The last position whose entry is built in. */
  readonly upTo: Position;
  readonly from: BuildProgress;
  /** Runs in the transaction of each chunk; what it throws ends the build. */
  readonly onChunk: (client: PoolClient, reached: BuildProgress) => Promise<void>;
}

interface Chunk {
  readonly texts: readonly CopyText[];
  readonly reached: BuildProgress;
}

/**
 * Builds read models from the log into empty tables, policy by policy: each is folded as a whole, so that a row is
 * written once, with its end. Goes on where an earlier build ended.
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
    await copied;
  }
}

const copyChunk = ({ pool, schema, onChunk }: BulkBuild, { texts, reached }: Chunk): Promise<void> =>
  inTransaction(pool, async (client) => {
    await onChunk(client, reached);
    for (const text of texts) await copyRows(client, text, schema);
  });

async function* chunksOf(build: BulkBuild): AsyncGenerator<Chunk> {
  let pending: CopyText[] = [];
  let characters = 0;
  let reached = build.from;
  for await (const { first, texts, events } of streamsOf(build)) {
    pending.push(...texts);
    characters += texts.reduce((sum, { text }) => sum + text.length, 0);
    reached = { cursor: first, events: reached.events + events };
    if (characters < CHUNK_CHARACTERS) continue;
    yield { texts: joined(pending), reached };
    [pending, characters] = [[], 0];
  }
  if (reached.cursor > build.from.cursor) yield { texts: joined(pending), reached };
}

/** One text a table. */
function joined(texts: readonly CopyText[]): readonly CopyText[] {
  const byTable = new Map<Table, string[]>();
  for (const { table, text } of texts) {
    const parts = byTable.get(table);
    if (parts) parts.push(text);
    else byTable.set(table, [text]);
  }
  return [...byTable].map(([table, parts]) => ({ table, text: parts.join('') }));
}

interface BuiltStream {
  readonly first: Position;
  readonly texts: readonly CopyText[];
  readonly events: number;
}

async function* streamsOf({ log, projections, upTo, from }: BulkBuild): AsyncGenerator<BuiltStream> {
  for (let after = from.cursor; ;) {
    const firsts: readonly LogEntry[] = await log.readFirsts(after, STREAMS);
    for (const first of firsts) {
      if (first.position > upTo) return;
      const changes: PolicyChange[] = [];
      for await (const change of changesOfStream(log, first.stream, upTo)) changes.push(change);
      await setImmediate();
      const texts = await textsOf(log, { projections, changes });
      yield { first: position(first.position), texts, events: changes.length };
    }
    const last = firsts.at(-1);
    if (!last) return;
    after = position(last.position);
  }
}

async function textsOf(
  log: Pick<EventLog, 'readStream'>,
  { projections, changes }: { projections: readonly Projection[]; changes: readonly PolicyChange[] },
): Promise<readonly CopyText[]> {
  const texts: CopyText[] = [];
  for (const projection of projections) {
    const tableChanges = await takenChanges(log, projection, changes);
    for (const table of projection.tables)
      texts.push(copyText(table, settled(tableChanges.filter((change) => change.table.name === table.name)).rows));
  }
  return texts;
}
