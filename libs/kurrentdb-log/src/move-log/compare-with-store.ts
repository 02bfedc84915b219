import type { Pool } from 'pg';
import { readDisregarded, type LogEntry, positionOf, postgresReads } from '#event-log/adapter';
import { draftAs } from '../sequencer/mirror-draft.js';
import type { EventStore, StorePosition, StoredRecord } from '../store/store.js';

/** The database and the store between which a log is moved. */
export interface LogMove {
  /** Works as the owner of the log, not as the application. */
  readonly pool: Pool;
  readonly store: EventStore;
}

/** An entry of the log beside the one that follows from the store's record. */
export interface ComparedEntry {
  readonly position: number;
  readonly entry: string;
  /** Undefined where the store holds nothing that it follows from. */
  readonly fromStore: string | undefined;
  readonly record: StoredRecord | undefined;
}

/** Log, store and what is written from them are gone through in pages of this many. */
export const MOVE_PAGE = 500;

/** The log entry by entry beside what the store holds, in the order of both, to the end of the longer one. */
export async function* compareWithStore({ pool, store }: LogMove): AsyncGenerator<ComparedEntry> {
  const log = postgresReads(pool);
  const records = readRecords(store);
  let position = positionOf(0);
  for (let entries = await log.readAll(position, MOVE_PAGE); entries.length > 0;) {
    for (const entry of entries) {
      const next = await records.next();
      const record = next.done ? undefined : next.value;
      yield { position: entry.position, entry: entry.entry, record, fromStore: record && composeEntry(record, entry) };
    }
    position = entries.at(-1)?.position ?? position;
    entries = await log.readAll(position, MOVE_PAGE);
  }
  for await (const record of records) {
    position = positionOf(position + 1);
    yield { position, entry: '', record, fromStore: composeEntry(record, undefined) };
  }
}

async function* readRecords(store: EventStore): AsyncGenerator<StoredRecord> {
  for (let after: StorePosition | undefined, isOver = false; !isOver;) {
    const page: readonly StoredRecord[] = await store.readAll({ ...(after ? { after } : {}), limit: MOVE_PAGE });
    yield* page;
    after = page.at(-1)?.at;
    isOver = page.length < MOVE_PAGE;
  }
}

/** The entry that follows from a record with the position before, and the time, that the log gave it. */
function composeEntry(record: StoredRecord, entry: LogEntry | undefined): string | undefined {
  const draft = draftAs(record, entry && readDisregarded(entry)?.reason);
  if (!draft || record.stream !== entry?.stream) return undefined;
  const prev = entry.prev === undefined ? '' : `,"prev":${entry.prev}`;
  const recordedAt = new Date(entry.recordedAt).toISOString();
  return `${draft.before.toString()}${prev},"recordedAt":"${recordedAt}","revision":${record.revision}${draft.after}`;
}
