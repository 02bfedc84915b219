import pg from 'pg';
import { type AppendRequest, type LogEntry, createMemoryEventLog, positionOf } from '#event-log';

/** Something to append at a time of the test's choice. */
export interface TimedRequest {
  /** In milliseconds; never before that of the request before. */
  readonly at: number;
  readonly request: AppendRequest;
}

const INSERT = `INSERT INTO log.events (position, id, key, type, stream, revision, prev, recorded_at, entry)
  VALUES ($1, $2, $3, $4, $5, $6, $7, timestamptz 'epoch' + $8 * interval '1 millisecond', $9)`;

const MOVE_HEAD = `UPDATE log.head SET position = $1, recorded_at = timestamptz 'epoch' + $2 * interval '1 millisecond'`;

/**
 * Fills an empty log with entries that were recorded at given times, past its one way in, which would give them the time
 * of the test; answers them. Texts that can be erased read as erased.
 */
export async function insertTimed(ownerUrl: string, requests: readonly TimedRequest[]): Promise<readonly LogEntry[]> {
  let now = 0;
  const log = createMemoryEventLog(() => now);
  for (const { at, request } of requests) {
    now = at;
    const { outcome } = await log.append(request);
    if (outcome !== 'appended') throw new Error(`Not appended: ${outcome}`);
  }
  const entries = await log.readAll(positionOf(0), requests.length);
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query('BEGIN');
  for (const { position, id, key, type, stream, revision, prev, recordedAt, entry } of entries)
    await owner.query(INSERT, [position, id, key, type, stream, revision, prev ?? null, recordedAt, entry]);
  const { position, recordedAt } = entries.at(-1) ?? { position: 0, recordedAt: 0 };
  await owner.query(MOVE_HEAD, [position, recordedAt]);
  await owner.query('COMMIT');
  await owner.end();
  return entries;
}
