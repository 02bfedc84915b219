import type { Pool } from 'pg';
import { readEntry } from '../entry.js';
import { type Position, type Revision, positionOf } from '../places.js';
import { type EventLog, type LogEntry, assertGapless } from '../port.js';

const ENTRY = `e.position::float8 AS position, e.id, e.key, e.type, e.stream, e.revision, e.prev::float8 AS prev,
  (extract(epoch FROM e.recorded_at) * 1000)::float8 AS recorded_at, e.entry`;

// Few events have anything beside their entry, so these are looked up apart, and only where the body has a commitment.
const ERASABLE = 'SELECT position::float8 AS position, pointer, value FROM log.erasable WHERE position = ANY ($1)';

interface EntryRow {
  readonly position: Position;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: Revision;
  readonly prev: Position | null;
  readonly recorded_at: number;
  readonly entry: string;
}

type Reads = Pick<
  EventLog,
  'readStream' | 'readAll' | 'readKeys' | 'readIdempotencyKey' | 'head' | 'positionAt' | 'recordedAtOf'
>;

/** The reading half of the port, by named statements. */
export function postgresReads(pool: Pool): Reads {
  const entries = async (name: string, text: string, values: readonly unknown[]): Promise<readonly LogEntry[]> => {
    const { rows } = await pool.query<EntryRow>({ name, text, values: [...values] });
    return withErasable(pool, rows);
  };
  const single = async <Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<Row | undefined> => {
    const { rows } = await pool.query<Row>({ name, text, values: [...values] });
    return rows[0];
  };
  return {
    readStream: (stream, { after, limit }) =>
      entries(
        'log-read-stream',
        `SELECT ${ENTRY} FROM log.events e WHERE e.stream = $1 AND e.revision > $2 ORDER BY e.revision LIMIT $3`,
        [stream, after ?? -1, limit],
      ),
    readAll: async (after, limit) => {
      const read = await entries(
        'log-read-all',
        `SELECT ${ENTRY} FROM log.events e WHERE e.position > $1 ORDER BY e.position LIMIT $2`,
        [after, limit],
      );
      assertGapless(after, read);
      return read;
    },
    readKeys: (keys) =>
      entries('log-read-keys', `SELECT ${ENTRY} FROM log.events e WHERE e.key = ANY ($1) ORDER BY e.position`, [keys]),
    readIdempotencyKey: async (key) => {
      const [entry] = await entries(
        'log-read-idempotency-key',
        `SELECT ${ENTRY} FROM log.events e JOIN log.idempotency_keys k USING (position) WHERE k.idempotency_key = $1`,
        [key],
      );
      return entry;
    },
    head: async () => {
      const head = await single<{ position: Position; at: number | null }>(
        'log-head',
        'SELECT position::float8 AS position, (extract(epoch FROM recorded_at) * 1000)::float8 AS at FROM log.head',
        [],
      );
      return { position: head?.position ?? positionOf(0), recordedAt: head?.at ?? null };
    },
    positionAt: async (instantMs) => {
      const found = await single<{ position: Position }>(
        'log-position-at',
        'SELECT position::float8 AS position FROM log.events WHERE recorded_at <= to_timestamp($1::float8 / 1000) ORDER BY recorded_at DESC, position DESC LIMIT 1',
        [instantMs],
      );
      return found?.position ?? positionOf(0);
    },
    recordedAtOf: async (position) => {
      const found = await single<{ at: number }>(
        'log-recorded-at',
        'SELECT (extract(epoch FROM recorded_at) * 1000)::float8 AS at FROM log.events WHERE position = $1',
        [position],
      );
      return found?.at;
    },
  };
}

async function withErasable(pool: Pool, rows: readonly EntryRow[]): Promise<readonly LogEntry[]> {
  const committed = rows.filter(({ entry }) => entry.includes('{"commit":"')).map(({ position }) => position);
  if (committed.length === 0) return rows.map((row) => entryOf(row, []));
  const { rows: values } = await pool.query<{ position: number; pointer: string; value: string }>({
    name: 'log-read-erasable',
    text: ERASABLE,
    values: [committed],
  });
  return rows.map((row) =>
    entryOf(
      row,
      values.filter(({ position }) => position === row.position).map(({ pointer, value }) => ({ pointer, value })),
    ),
  );
}

function entryOf({ prev, recorded_at: recordedAt, ...row }: EntryRow, erasable: LogEntry['erasable']): LogEntry {
  const entry = { ...row, recordedAt: Math.round(recordedAt), ...readEntry(row.entry), erasable };
  return prev === null ? entry : { ...entry, prev };
}
