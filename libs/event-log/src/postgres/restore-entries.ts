import type { PoolClient } from 'pg';
import { bigintArray, integerArray, textArray, uuidArray } from '#postgres';

/** An entry as another log recorded it: nothing of it is assigned anew. */
export interface RecordedEntry {
  readonly position: number;
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly prev: number | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly recordedAt: number;
  /** The stored canonical JSON. */
  readonly text: string;
}

const RESTORE =
  'SELECT log.restore($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::bigint[], $8::bigint[], $9::text[])';

/**
 * Fills an empty log with the next entries of another, verbatim: positions, ids and times stay as they are.
 *
 * The transaction is that of the log's owner. Any number of calls may follow each other in it, in the order of
 * positions; PostgreSQL refuses them with 55000 where the log had entries before it.
 */
export async function restoreEntries(client: PoolClient, entries: readonly RecordedEntry[]): Promise<void> {
  await client.query(RESTORE, [
    bigintArray(entries.map(({ position }) => position)),
    uuidArray(entries.map(({ id }) => id)),
    textArray(entries.map(({ key }) => key)),
    textArray(entries.map(({ type }) => type)),
    textArray(entries.map(({ stream }) => stream)),
    integerArray(entries.map(({ revision }) => revision)),
    bigintArray(entries.map(({ prev }) => prev ?? null)),
    bigintArray(entries.map(({ recordedAt }) => recordedAt)),
    textArray(entries.map(({ text }) => text)),
  ]);
}
