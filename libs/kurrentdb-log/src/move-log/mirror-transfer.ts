import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '#postgres';
import {
  canonicalJson,
  disregardedIn,
  ENTRY_VERSION,
  type LogEntry,
  LogStartError,
  positionOf,
  postgresReads,
  revisionOf,
} from '#event-log/adapter';
import { type LogKind, SETTING, movingTo } from './log-of-record.js';
import { draftAs } from '../sequencer/mirror-draft.js';
import type { EventStore, StoreEvent, StorePosition, StoredRecord } from '../store/store.js';

/** What it takes to move a log. */
export interface Moving {
  /** Works as the owner of the log, not as the application. */
  readonly pool: Pool;
  readonly store: EventStore;
}

/** An entry of the log beside the one that follows from what the store holds in its place. */
export interface Compared {
  readonly position: number;
  readonly entry: string;
  /** Undefined where the store holds nothing that it follows from. */
  readonly fromStore: string | undefined;
  readonly record: StoredRecord | undefined;
}

const PAGE = 500;

/** An append to the store is at most this long, or one event. */
const RUN_BYTES = 256 * 1024;

/** Lets nobody write any more: neither into the log, nor, through this database, into the store. */
export const holdWrites = ({ pool }: Pick<Moving, 'pool'>, to: LogKind): Promise<void> => setLog(pool, movingTo(to));

/** Says where the log is kept from now on. */
export const keepLogIn = ({ pool }: Pick<Moving, 'pool'>, kind: LogKind): Promise<void> => setLog(pool, kind);

/** Where the log is kept, or was, if it is being moved. */
export async function logKeptIn({ pool }: Pick<Moving, 'pool'>): Promise<{ kind: LogKind; isMoving: boolean }> {
  const { rows } = await pool.query<{ value: string }>('SELECT value FROM log.settings WHERE name = $1', [SETTING]);
  const value = rows[0]?.value ?? 'postgres';
  if (value === movingTo('kurrentdb')) return { kind: 'postgres', isMoving: true };
  if (value === movingTo('postgres')) return { kind: 'kurrentdb', isMoving: true };
  return { kind: value === 'kurrentdb' ? 'kurrentdb' : 'postgres', isMoving: false };
}

/** Under the lock of the head: an append under way ends before, and whatever comes after sees the setting. */
const setLog = (pool: Pool, value: string): Promise<void> =>
  inTransaction(pool, async (client) => {
    await client.query('SELECT FROM log.head FOR UPDATE');
    await client.query(
      'INSERT INTO log.settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value',
      [SETTING, value],
    );
  });

/** The log entry by entry beside what the store holds, in the order of both, to the end of the longer one. */
export async function* compareWithStore({ pool, store }: Moving): AsyncGenerator<Compared> {
  const log = postgresReads(pool);
  const records = recordsOf(store);
  let position = positionOf(0);
  for (let entries = await log.readAll(position, PAGE); entries.length > 0;) {
    for (const entry of entries) {
      const next = await records.next();
      const record = next.done ? undefined : next.value;
      yield { position: entry.position, entry: entry.entry, record, fromStore: record && entryFrom(record, entry) };
    }
    position = entries.at(-1)?.position ?? position;
    entries = await log.readAll(position, PAGE);
  }
  for await (const record of records) {
    position = positionOf(position + 1);
    yield { position, entry: '', record, fromStore: entryFrom(record, undefined) };
  }
}

async function* recordsOf(store: EventStore): AsyncGenerator<StoredRecord> {
  for (let after: StorePosition | undefined, isOver = false; !isOver;) {
    const page: readonly StoredRecord[] = await store.readAll({ ...(after ? { after } : {}), limit: PAGE });
    yield* page;
    after = page.at(-1)?.at;
    isOver = page.length < PAGE;
  }
}

/** The entry that follows from a record with the position before, and the time, that the log gave it. */
function entryFrom(record: StoredRecord, entry: LogEntry | undefined): string | undefined {
  const draft = draftAs(record, entry && disregardedIn(entry)?.reason);
  if (!draft || record.stream !== entry?.stream) return undefined;
  const prev = entry.prev === undefined ? '' : `,"prev":${entry.prev}`;
  const recordedAt = new Date(entry.recordedAt).toISOString();
  return `${draft.before.toString()}${prev},"recordedAt":"${recordedAt}","revision":${record.revision}${draft.after}`;
}

/**
 * Appends to the store what it has not of the log, in the order of the log; nothing where it has all.
 *
 * The store may hold the beginning of the log, from an earlier move or one that was broken off, and nothing else of
 * the log's streams. `told` is told how many entries the store holds, whenever that changes. Throws where it holds others.
 */
export async function copyToStore(moving: Moving, told: (entries: number) => void): Promise<void> {
  const log = postgresReads(moving.pool);
  let there = 0;
  for await (const { position, entry, record, fromStore } of compareWithStore(moving)) {
    if (!record) break;
    if (fromStore !== entry)
      throw new LogStartError(
        `KurrentDB holds other events than this log: they differ from position ${position} on. Move the log into an empty store.`,
      );
    there = position;
  }
  told(there);
  for (let entries = await log.readAll(positionOf(there), PAGE); entries.length > 0;) {
    const keys = await idempotencyKeysOf(moving.pool, entries);
    for (const run of runsOf(entries)) {
      await appendRun(moving.store, run, keys);
      there = run.at(-1)?.position ?? there;
    }
    told(there);
    entries = await log.readAll(positionOf(there), PAGE);
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
      `Somebody else writes to the stream "${first.stream}" in KurrentDB. Stop them, then begin again.`,
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

const storeEvent = ({ id, key, type, body }: LogEntry, idempotencyKey: string | undefined): StoreEvent => ({
  id,
  type,
  data: Buffer.from(canonicalJson(body)),
  metadata: { key, v: String(ENTRY_VERSION), ...(idempotencyKey === undefined ? {} : { idempotencyKey }) },
});

async function idempotencyKeysOf(pool: Pool, entries: readonly LogEntry[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await pool.query<{ position: number; key: string }>(
    'SELECT DISTINCT ON (position) position::float8 AS position, idempotency_key AS key FROM log.idempotency_keys WHERE position = ANY ($1) ORDER BY position, idempotency_key',
    [entries.map(({ position }) => position)],
  );
  return new Map(rows.map(({ position, key }) => [position, key]));
}

/** Notes where the store has each entry, so that a sequencer goes on behind the last, and a guard can compare. */
export async function notePlaces(moving: Moving): Promise<void> {
  await inTransaction(moving.pool, async (client) => {
    await client.query('ALTER TABLE log.mirrored DISABLE TRIGGER mirrored_only_grow');
    await client.query('TRUNCATE log.mirrored');
    await client.query('ALTER TABLE log.mirrored ENABLE TRIGGER mirrored_only_grow');
    let places: Compared[] = [];
    let last: StorePosition | undefined;
    for await (const compared of compareWithStore(moving)) {
      places.push(compared);
      last = compared.record?.at ?? last;
      if (places.length < PAGE) continue;
      await insertPlaces(client, places);
      places = [];
    }
    await insertPlaces(client, places);
    await client.query('UPDATE log.sequencer SET owner = NULL, store_commit = $1, store_prepare = $2', [
      last?.commit.toString() ?? null,
      last?.prepare.toString() ?? null,
    ]);
    await client.query('UPDATE log.guard SET limits_commit = NULL, limits_prepare = NULL');
    await client.query('DELETE FROM log.store_limits');
  });
}

async function insertPlaces(client: PoolClient, places: readonly Compared[]): Promise<void> {
  const known = places.flatMap(({ position, record }) => (record ? [{ position, record }] : []));
  await client.query(
    `INSERT INTO log.mirrored (position, store_commit, store_prepare, store_created_at)
     SELECT p.position, p.commit, p.prepare, to_timestamp(p.ms / 1000)
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::double precision[]) AS p(position, commit, prepare, ms)`,
    [
      known.map(({ position }) => position),
      known.map(({ record }) => record.at.commit.toString()),
      known.map(({ record }) => record.at.prepare.toString()),
      known.map(({ record }) => record.createdMs),
    ],
  );
}

/** True when the log has everything that the store has. */
export async function isLevel({ pool, store }: Moving): Promise<boolean> {
  const { rows } = await pool.query<{ commit: string | null; prepare: string | null }>(
    'SELECT store_commit AS commit, store_prepare AS prepare FROM log.sequencer',
  );
  const [{ commit, prepare } = { commit: null, prepare: null }] = rows;
  const after = commit === null || prepare === null ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare) };
  return (await store.readAll({ ...(after ? { after } : {}), limit: 1 })).length === 0;
}
