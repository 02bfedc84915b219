import { setImmediate } from 'node:timers/promises';
import type { Pool, QueryResultRow } from 'pg';
import { type RetrySchedule, isLostConnection, retry } from '#postgres';
import { readEntry } from '../entries/entry.js';
import { type LogPosition, type StreamRevision, positionOf } from '../positions.js';
import { type EventLog, type LogEntry, LogGapError, assertGapless } from '../port.js';
import { LOOK, type LogLook, SettledInstants } from './settled-instants.js';

const ENTRY = `e.position::float8 AS position, e.id, e.key, e.type, e.stream, e.revision, e.prev::float8 AS prev,
  (extract(epoch FROM e.recorded_at) * 1000)::float8 AS recorded_at, e.entry`;

// Few events have anything beside their entry, so these are looked up apart, and only where the body has a commitment.
const ERASABLE = 'SELECT position::float8 AS position, pointer, value FROM log.erasable WHERE position = ANY ($1)';

const READ_TYPES = `SELECT ${ENTRY} FROM log.events e WHERE e.position > $1 AND e.type = ANY ($2) ORDER BY e.position LIMIT $3`;

/** Waits before a read is tried again whose connection was gone: long enough for the pool to notice its other dead ones. */
const READ_RETRIES: RetrySchedule = { waitsMs: [20, 200], then: 'give-up' };

interface EntryRow {
  readonly position: LogPosition;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: StreamRevision;
  readonly prev: LogPosition | null;
  readonly recorded_at: number;
  readonly entry: string;
}

type Reads = Pick<
  EventLog,
  | 'readStream'
  | 'readFirsts'
  | 'readTypes'
  | 'readAll'
  | 'readKeys'
  | 'readIdempotencyKey'
  | 'head'
  | 'positionAt'
  | 'recordedAtOf'
>;

/** The reading half of the port, by named statements. */
export function postgresReads(pool: Pool): Reads {
  const find = async (name: string, text: string, values: readonly unknown[]): Promise<readonly LogEntry[]> => {
    return attachErasable(pool, await rowsOf<EntryRow>(pool, { name, text, values }));
  };
  const findOne = async <Row extends QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<Row | undefined> => {
    const [row] = await rowsOf<Row>(pool, { name, text, values });
    return row;
  };
  const settled = new SettledInstants(async () => {
    const look = await findOne<LogLook>('log-look', LOOK, []);
    if (!look) throw new Error('A look at the log answered nothing.');
    return look;
  });
  return {
    readStream: (stream, { after, limit }) =>
      find(
        'log-read-stream',
        `SELECT ${ENTRY} FROM log.events e WHERE e.stream = $1 AND e.revision > $2 ORDER BY e.revision LIMIT $3`,
        [stream, after ?? -1, limit],
      ),
    readFirsts: (after, limit) =>
      find(
        'log-read-firsts',
        `SELECT ${ENTRY} FROM log.events e WHERE e.revision = 0 AND e.position > $1 ORDER BY e.position LIMIT $2`,
        [after, limit],
      ),
    readTypes: (types, after, limit) => find('log-read-types', READ_TYPES, [after, types, limit]),
    readAll: (after, limit) => readAll(pool, after, limit),
    readKeys: (keys) =>
      find('log-read-keys', `SELECT ${ENTRY} FROM log.events e WHERE e.key = ANY ($1) ORDER BY e.position`, [keys]),
    readIdempotencyKey: async (key) => {
      const [entry] = await find(
        'log-read-idempotency-key',
        `SELECT ${ENTRY} FROM log.events e JOIN log.idempotency_keys k USING (position) WHERE k.idempotency_key = $1`,
        [key],
      );
      return entry;
    },
    head: async () => {
      const head = await findOne<{ position: LogPosition; at: number | null }>(
        'log-head',
        'SELECT position::float8 AS position, (extract(epoch FROM recorded_at) * 1000)::float8 AS at FROM log.head',
        [],
      );
      return { position: head?.position ?? positionOf(0), recordedAt: head?.at ?? null };
    },
    positionAt: async (instantMs, timeoutMs) => {
      if (!(await settled.waitFor(instantMs, timeoutMs))) return undefined;
      const found = await findOne<{ position: LogPosition }>(
        'log-position-at',
        'SELECT position::float8 AS position FROM log.events WHERE recorded_at <= to_timestamp($1::float8 / 1000) ORDER BY recorded_at DESC, position DESC LIMIT 1',
        [instantMs],
      );
      return found?.position ?? positionOf(0);
    },
    recordedAtOf: async (position) => {
      const found = await findOne<{ at: number }>(
        'log-recorded-at',
        'SELECT (extract(epoch FROM recorded_at) * 1000)::float8 AS at FROM log.events WHERE position = $1',
        [position],
      );
      return found?.at;
    },
  };
}

// In one statement, so that the head is that of the entries: a gap at the very end is seen too.
const READ_ALL = `SELECT h.position::float8 AS head, ${ENTRY} FROM log.head h
  LEFT JOIN LATERAL (SELECT * FROM log.events WHERE position > $1 ORDER BY position LIMIT $2) e ON true
  ORDER BY e.position`;

type HeadAndEntryRow = { readonly head: LogPosition } & (EntryRow | { readonly position: null });

async function readAll(pool: Pool, after: LogPosition, limit: number): Promise<readonly LogEntry[]> {
  const rows = await rowsOf<HeadAndEntryRow>(pool, { name: 'log-read-all', text: READ_ALL, values: [after, limit] });
  const read = await attachErasable(
    pool,
    rows.flatMap(({ head: _head, ...row }) => (row.position === null ? [] : [row])),
  );
  assertGapless(after, read);
  const head = rows[0]?.head ?? after;
  const last = read.at(-1)?.position ?? after;
  if (read.length < limit && last < head) throw new LogGapError(last + 1, head);
  return read;
}

interface NamedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Reads change nothing, so one that a dead idle connection swallowed is simply asked again. */
async function rowsOf<Row extends QueryResultRow>(
  pool: Pool,
  { name, text, values }: NamedStatement,
): Promise<readonly Row[]> {
  const statement = { name, text, values: [...values] };
  const ask = async (): Promise<readonly Row[]> => (await pool.query<Row>(statement)).rows;
  return retry(ask, { schedule: READ_RETRIES, mayPass: isLostConnection });
}

/** So much text is read as JSON before others have their turn: about two milliseconds. */
const READ_AT_ONCE = 256 * 1024;

async function attachErasable(pool: Pool, rows: readonly EntryRow[]): Promise<readonly LogEntry[]> {
  const beside = await erasableOf(pool, rows);
  const entries: LogEntry[] = [];
  let length = 0;
  for (const row of rows) {
    entries.push(entryOf(row, beside.get(row.position) ?? []));
    length += row.entry.length;
    if (length < READ_AT_ONCE) continue;
    length = 0;
    await setImmediate();
  }
  return entries;
}

async function erasableOf(
  pool: Pool,
  rows: readonly EntryRow[],
): Promise<ReadonlyMap<number, LogEntry['erasable'][number][]>> {
  const committed = rows.filter(({ entry }) => entry.includes('{"commit":"')).map(({ position }) => position);
  const beside = new Map<number, LogEntry['erasable'][number][]>();
  if (committed.length === 0) return beside;
  const values = await rowsOf<{ position: number; pointer: string; value: string }>(pool, {
    name: 'log-read-erasable',
    text: ERASABLE,
    values: [committed],
  });
  for (const { position, pointer, value } of values)
    beside.set(position, [...(beside.get(position) ?? []), { pointer, value }]);
  return beside;
}

function entryOf({ prev, recorded_at: recordedAt, ...row }: EntryRow, erasable: LogEntry['erasable']): LogEntry {
  const entry = { ...row, recordedAt: Math.round(recordedAt), ...readEntry(row.entry), erasable };
  return prev === null ? entry : { ...entry, prev };
}
