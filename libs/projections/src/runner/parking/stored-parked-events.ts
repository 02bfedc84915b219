import type { Pool, PoolClient } from 'pg';
import { position } from '#domain';
import type { ParkedEvent } from './parked-events.js';

/** A parked event as stored: the later events of its policy wait behind it, or its partition is stopped. */
export interface StoredParkedEvent extends ParkedEvent {
  readonly stops: boolean;
  /** Whether an event of the policy says that it is parked. */
  readonly isRecorded: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly since: number;
}

/** The statement that creates the table of parked events. */
export const CREATE_PARKED = `CREATE TABLE IF NOT EXISTS read.set_aside (
  projection text, stream text, position bigint NOT NULL, key text NOT NULL, error text NOT NULL, stops boolean NOT NULL,
  since timestamptz NOT NULL DEFAULT clock_timestamp(), is_recorded boolean NOT NULL DEFAULT false, PRIMARY KEY (projection, stream))`;

/** Every parked event, in order of position. */
export async function readParked(client: Pick<Pool, 'query'> | PoolClient): Promise<readonly StoredParkedEvent[]> {
  const { rows } = await client.query<StoredParkedEvent>({
    name: 'read-parked',
    text: `SELECT projection, stream, position::float8 AS position, key, error, stops, is_recorded AS "isRecorded",
      (extract(epoch FROM since) * 1000)::float8 AS since FROM read.set_aside ORDER BY position, projection`,
  });
  return rows.map((row) => ({ ...row, position: position(row.position), since: Math.round(row.since) }));
}

export const markRecorded = (pool: Pool, { projection, stream, position: at }: StoredParkedEvent): Promise<unknown> =>
  pool.query('UPDATE read.set_aside SET is_recorded = true WHERE projection = $1 AND stream = $2 AND position = $3', [
    projection,
    stream,
    at,
  ]);

export async function park(client: PoolClient, parkedEvent: ParkedEvent, stops: boolean): Promise<void> {
  const { projection, stream, position: at, key, error } = parkedEvent;
  await client.query(
    `INSERT INTO read.set_aside (projection, stream, position, key, error, stops) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (projection, stream) DO UPDATE SET position = $3, key = $4, error = $5, stops = $6, since = clock_timestamp(), is_recorded = false`,
    [projection, stream, at, key, error, stops],
  );
}

export async function unpark(
  client: PoolClient,
  { projection, stream }: Pick<StoredParkedEvent, 'projection' | 'stream'>,
): Promise<void> {
  await client.query('DELETE FROM read.set_aside WHERE projection = $1 AND stream = $2', [projection, stream]);
}
