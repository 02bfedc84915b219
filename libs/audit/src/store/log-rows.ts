import type { Pool, PoolClient } from 'pg';

/** An entry's text as it lies in the table, whatever it is. */
export interface StoredText {
  readonly position: number;
  readonly entry: string;
}

/** A text beside an entry, with the salt of its commitment. */
export interface StoredDisclosure {
  readonly position: number;
  readonly pointer: string;
  readonly salt: string;
  readonly value: string;
}

/**
 * The texts of entries after one position, up to another, in order.
 *
 * Read past the port of the log, which stops before an entry that is missing: what is shown to those who verify is what
 * is there.
 */
export async function readStoredTexts(
  pool: Pool,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<readonly StoredText[]> {
  const { rows } = await pool.query<StoredText>({
    name: 'audit-texts',
    text: 'SELECT position::float8 AS position, entry FROM log.events WHERE position > $1 AND position <= $2 ORDER BY position',
    values: [after, upTo],
  });
  return rows;
}

/** The entry that has an id or a key; undefined when there is none. */
export async function findStoredText(pool: Pool, idOrKey: string): Promise<StoredText | undefined> {
  const column = A_UUID.test(idOrKey) ? 'id' : 'key';
  const { rows } = await pool.query<StoredText>({
    name: `audit-event-by-${column}`,
    text: `SELECT position::float8 AS position, entry FROM log.events WHERE ${column} = $1`,
    values: [idOrKey],
  });
  return rows[0] ?? (column === 'id' ? findTextByKey(pool, idOrKey) : undefined);
}

const A_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A key may look like an id. */
async function findTextByKey(pool: Pool, key: string): Promise<StoredText | undefined> {
  const { rows } = await pool.query<StoredText>({
    name: 'audit-event-by-key',
    text: 'SELECT position::float8 AS position, entry FROM log.events WHERE key = $1',
    values: [key],
  });
  return rows[0];
}

/** The texts that lie beside entries and were not erased. */
export async function readDisclosures(pool: Pool, positions: readonly number[]): Promise<readonly StoredDisclosure[]> {
  const { rows } = await pool.query<StoredDisclosure>({
    name: 'audit-disclosures',
    text: 'SELECT position::float8 AS position, pointer, salt, value FROM log.erasable WHERE position = ANY ($1) ORDER BY position, pointer',
    values: [positions],
  });
  return rows;
}

/** The texts that lie beside the entries after one position, up to another. */
export async function readDisclosuresIn(
  pool: Pool,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<readonly StoredDisclosure[]> {
  const { rows } = await pool.query<StoredDisclosure>({
    name: 'audit-disclosures-in',
    text: 'SELECT position::float8 AS position, pointer, salt, value FROM log.erasable WHERE position > $1 AND position <= $2 ORDER BY position, pointer',
    values: [after, upTo],
  });
  return rows;
}

/** An entry with the columns beside it, as they lie in the table. */
export interface StoredRow extends StoredText {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly prev: number | null;
  /** Milliseconds since 1970 UTC. */
  readonly recordedAt: number;
}

/** The entries after one position, up to another, in order, with their columns; like {@link readStoredTexts}. */
export async function readStoredRows(
  pool: Pick<Pool, 'query'> | PoolClient,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<readonly StoredRow[]> {
  const { rows } = await pool.query<StoredRow>({
    name: 'audit-rows',
    text: `SELECT position::float8 AS position, id, key, type, stream, revision, prev::float8 AS prev,
        round(extract(epoch FROM recorded_at) * 1000)::float8 AS "recordedAt", entry
      FROM log.events WHERE position > $1 AND position <= $2 ORDER BY position`,
    values: [after, upTo],
  });
  return rows;
}

/** The first and the last position in the table, and where the log says that it ends. */
export async function readExtent(
  pool: Pool,
): Promise<{ readonly first: number | null; readonly last: number | null; readonly head: number }> {
  const { rows } = await pool.query<{ first: number | null; last: number | null; head: number }>({
    name: 'audit-extent',
    text: `SELECT (SELECT min(position)::float8 FROM log.events) AS first, (SELECT max(position)::float8 FROM log.events) AS last,
      (SELECT position::float8 FROM log.head) AS head`,
    values: [],
  });
  return rows[0] ?? { first: null, last: null, head: 0 };
}
