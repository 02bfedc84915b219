import type { Pool } from 'pg';
import { canonicalJson, type LogEntry, LogStartError, positionOf, postgresReads, revisionOf } from '#event-log/adapter';
import type { EventStore, StoreEvent } from '../store/store.js';
import { type LogMove, MOVE_PAGE, compareWithStore } from './compare-with-store.js';

/** An append to the store is at most this long, or one event. */
const RUN_BYTES = 256 * 1024;

/**
 * Appends to the store what it has not of the log, in the order of the log; nothing where it has all.
 *
 * The store may hold the beginning of the log, from an earlier move or one that was broken off, and nothing else of
 * the log's streams. `onProgress` is called with the number of entries that the store holds, whenever that
 * changes. Throws where it holds others.
 */
export async function copyToStore(move: LogMove, onProgress: (entries: number) => void): Promise<void> {
  const log = postgresReads(move.pool);
  let copied = 0;
  for await (const { position, entry, record, fromStore } of compareWithStore(move)) {
    if (!record) break;
    if (fromStore !== entry)
      throw new LogStartError(
        `KurrentDB has other events than this log: they differ from position ${position} on. Move the log into an empty store.`,
      );
    copied = position;
  }
  onProgress(copied);
  for (let entries = await log.readAll(positionOf(copied), MOVE_PAGE); entries.length > 0;) {
    const keys = await idempotencyKeysOf(move.pool, entries);
    for (const run of runsOf(entries)) {
      await appendRun(move.store, run, keys);
      copied = run.at(-1)?.position ?? copied;
    }
    onProgress(copied);
    entries = await log.readAll(positionOf(copied), MOVE_PAGE);
  }
}

async function appendRun(
  store: EventStore,
  run: readonly LogEntry[],
  keys: ReadonlyMap<number, string>,
): Promise<void> {
  const [first] = run;
  if (!first) return;
  const expected = first.revision === 0 ? 'none' : revisionOf(first.revision - 1);
  const events = run.map((entry) => storeEvent(entry, keys.get(entry.position)));
  const { outcome } = await store.append({ stream: first.stream, expected, events });
  if (outcome !== 'appended')
    throw new LogStartError(
      `Something else writes to the stream "${first.stream}" in KurrentDB. Stop it, then start again.`,
    );
}

/** Entries that follow each other in one stream. */
function runsOf(entries: readonly LogEntry[]): readonly (readonly LogEntry[])[] {
  const runs: { entries: LogEntry[]; bytes: number }[] = [];
  for (const entry of entries) {
    const open = runs.at(-1);
    const bytes = Buffer.byteLength(entry.entry);
    if (open && open.entries[0]?.stream === entry.stream && open.bytes + bytes <= RUN_BYTES) {
      open.entries.push(entry);
      open.bytes += bytes;
    } else runs.push({ entries: [entry], bytes });
  }
  return runs.map((run) => run.entries);
}

const storeEvent = ({ id, key, type, body, v, by }: LogEntry, idempotencyKey: string | undefined): StoreEvent => ({
  id,
  type,
  data: Buffer.from(canonicalJson(body)),
  metadata: {
    key,
    v: String(v),
    ...(by === undefined ? {} : { by }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  },
});

async function idempotencyKeysOf(pool: Pool, entries: readonly LogEntry[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await pool.query<{ position: number; key: string }>(
    'SELECT DISTINCT ON (position) position::float8 AS position, idempotency_key AS key FROM log.idempotency_keys WHERE position = ANY ($1) ORDER BY position, idempotency_key',
    [entries.map(({ position }) => position)],
  );
  return new Map(rows.map(({ position, key }) => [position, key]));
}
