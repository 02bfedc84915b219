import type { Pool, PoolClient } from 'pg';
import { type Position, position } from '#domain';
import { inTransaction, lockTransaction } from '#postgres';
import { notifyProcesses } from '../runner/membership/stored-partitions.js';
import type { BuildProgress } from './fold/bulk-build.js';
import type { TableComparison } from './digest.js';

/**
 * The state of a rebuild: `waiting` for a process, `copying` rows, `indexing`, `following` the log to its head,
 * `comparing` with what is in use; then `done`, `cancelled` or `failed`.
 */
export const REBUILD_STATES = [
  'waiting',
  'copying',
  'indexing',
  'following',
  'comparing',
  'done',
  'cancelled',
  'failed',
] as const;
export type RebuildState = (typeof REBUILD_STATES)[number];

export const UNDER_WAY: readonly RebuildState[] = ['waiting', 'copying', 'indexing', 'following', 'comparing'];

/** The latest rebuild of a read model. */
export interface Rebuild {
  readonly name: string;
  readonly state: RebuildState;
  /** The position to which rows are copied; what comes later is applied as usual. */
  readonly upTo: Position;
  readonly progress: BuildProgress;
  readonly owner: number | null;
  /** Milliseconds since 1970 UTC, by the clock of the database. */
  readonly startedAt: number;
  readonly changedAt: number;
  readonly error: string | null;
  /** How the tables compared with those that they replaced; null before that. */
  readonly report: readonly TableComparison[] | null;
}

/** The statement that makes the table of rebuilds: the latest of each read model. */
export const CREATE_REBUILDS = `CREATE TABLE IF NOT EXISTS read.rebuilds (
  name text PRIMARY KEY, state text NOT NULL, up_to bigint NOT NULL, cursor bigint NOT NULL, events bigint NOT NULL, owner integer,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(), changed_at timestamptz NOT NULL DEFAULT clock_timestamp(), error text, report json)`;

/** Every read model's latest rebuild, by name. */
export async function readRebuilds(client: Pick<Pool, 'query'> | PoolClient): Promise<readonly Rebuild[]> {
  const { rows } = await client.query<Omit<Rebuild, 'progress'> & { cursor: Position; events: number }>({
    name: 'read-rebuilds',
    text: `SELECT name, state, up_to::float8 AS "upTo", cursor::float8 AS cursor, events::float8 AS events, owner, error, report,
      (extract(epoch FROM started_at) * 1000)::float8 AS "startedAt", (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt"
      FROM read.rebuilds ORDER BY name`,
  });
  return rows.map(({ cursor, events, ...row }) => ({
    ...row,
    upTo: position(row.upTo),
    progress: { cursor: position(cursor), events },
  }));
}

/** Asks for rebuilds; one that is under way goes on. Some process claims them. */
export async function requestRebuilds(pool: Pool, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await pool.query(
    `INSERT INTO read.rebuilds AS r (name, state, up_to, cursor, events) SELECT unnest($1::text[]), 'waiting', 0, 0, 0
     ON CONFLICT (name) DO UPDATE SET state = 'waiting', up_to = 0, cursor = 0, events = 0, owner = NULL, error = NULL, report = NULL,
       started_at = clock_timestamp(), changed_at = clock_timestamp() WHERE NOT r.state = ANY ($2)`,
    [names, UNDER_WAY],
  );
  await notifyProcesses(pool);
}

/** Cancels a rebuild; false when none is under way. What is in use stays as it is. */
export async function cancelRebuild(pool: Pool, name: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    "UPDATE read.rebuilds SET state = 'cancelled', changed_at = clock_timestamp() WHERE name = $1 AND state = ANY ($2)",
    [name, UNDER_WAY],
  );
  await notifyProcesses(pool);
  return rowCount === 1;
}

/**
 * Claims what is to be rebuilt, unless another process rebuilds: first what one that died has left, then what waits. What
 * is answered has come equally far, so it can be built together.
 */
export const claimRebuilds = (pool: Pool, member: number): Promise<readonly Rebuild[]> =>
  inTransaction(pool, async (client) => {
    await lockTransaction(client, 'rebuildClaim');
    const { rows: members } = await client.query<{ member: number }>('SELECT member FROM read.members');
    const living = new Set(members.map((row) => row.member));
    const open = (await readRebuilds(client)).filter(({ state }) => UNDER_WAY.includes(state));
    if (open.some(({ owner }) => owner !== null && owner !== member && living.has(owner))) return [];
    const [first] = open.toSorted((one, other) => other.progress.cursor - one.progress.cursor);
    if (!first) return [];
    const claimed = open.filter(
      ({ state, progress }) => state === first.state && progress.cursor === first.progress.cursor,
    );
    await client.query('UPDATE read.rebuilds SET owner = $1 WHERE name = ANY ($2)', [
      member,
      claimed.map(({ name }) => name),
    ]);
    return claimed;
  });

/** The rebuilds of a process can no longer be moved: cancelled, or taken over. */
export class RebuildLost extends Error {
  override readonly name = 'RebuildLost';
}

/** What is noted of rebuilds that go on together. */
interface Step {
  readonly state?: RebuildState;
  readonly upTo?: Position;
  readonly progress?: BuildProgress;
}

/** Notes how far rebuilds have come; throws {@link RebuildLost} when one is no longer this process's to move. */
export async function noteRebuilds(
  client: Pick<Pool, 'query'> | PoolClient,
  { names, member }: { readonly names: readonly string[]; readonly member: number },
  { state, upTo, progress }: Step,
): Promise<void> {
  const { rowCount } = await client.query({
    name: 'note-rebuilds',
    text: `UPDATE read.rebuilds SET state = coalesce($4, state), up_to = coalesce($5, up_to), cursor = coalesce($6, cursor), events = coalesce($7, events), changed_at = clock_timestamp()
      WHERE name = ANY ($1) AND owner = $2 AND state = ANY ($3)`,
    values: [names, member, UNDER_WAY, state ?? null, upTo ?? null, progress?.cursor ?? null, progress?.events ?? null],
  });
  if (rowCount !== names.length)
    throw new RebuildLost(`The rebuild of ${names.join(', ')} was cancelled or taken over.`);
}

/** Notes how rebuilds ended, in whatever state they are. */
export const failRebuilds = (pool: Pool, names: readonly string[], error: string): Promise<unknown> =>
  pool.query(
    "UPDATE read.rebuilds SET state = 'failed', error = $3, changed_at = clock_timestamp() WHERE name = ANY ($1) AND state = ANY ($2)",
    [names, UNDER_WAY, error],
  );

export const keepReport = (pool: Pool, name: string, report: readonly TableComparison[]): Promise<unknown> =>
  pool.query('UPDATE read.rebuilds SET report = $2 WHERE name = $1', [name, JSON.stringify(report)]);
