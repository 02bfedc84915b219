import type { Pool, PoolClient } from 'pg';
import { type Position, position } from '#domain';
import { inTransaction } from '#postgres';
import { type Projection, storedVersion } from '../rows/projection.js';
import { shapeOf } from './read-schema.js';
import { lockPartitions, notifyProcesses, resumePartitions } from '../runner/membership/stored-partitions.js';
import { createAnalytics, lockAnalyticsViews } from './sql/analytics.js';
import { DATABASE_NOW, READ } from '../rows/table.js';

/** The schema in which read models are built beside those in use, and the one for those that were replaced. */
export const NEXT = 'read_next';
const OLD = 'read_old';

/** Readers are made to wait at most so long; it is less than PostgreSQL waits before it looks for a deadlock. */
const READERS_WAIT_MS = 250;

/** Runners may be in the middle of a batch. */
const RUNNERS_WAIT_MS = 5_000;

interface Switching {
  readonly projections: readonly Projection[];
  /** Advances the shadow tables to a position, in the transaction given; answers the one that they reached. */
  readonly advanceTo: (client: PoolClient, wanted: Position) => Promise<Position>;
  /** Notes that it is done; throws when it is not to be. */
  readonly onSwitched: (client: PoolClient) => Promise<void>;
}

/** The shadow tables were too far behind, or readers would have waited too long; try again. */
export class SwitchTooEarly extends Error {
  override readonly name = 'SwitchTooEarly';
}

/**
 * Puts the shadow tables in the place of those in use, in one transaction, at no earlier position.
 *
 * No partition advances meanwhile; readers wait for a moment and never fail. The tables that were in use are kept.
 */
export const switchTables = (pool: Pool, { projections, advanceTo, onSwitched }: Switching): Promise<Position> =>
  inTransaction(pool, async (client) => {
    const names = projections.map(({ name }) => name);
    const tables = projections.flatMap((projection) => projection.tables.map(({ name }) => name)).sort();
    await client.query(`SET LOCAL lock_timeout = ${RUNNERS_WAIT_MS}`);
    const partitions = await lockPartitions(client);
    const furthest = position(Math.max(0, ...partitions.map((partition) => partition.position)));
    const reached = await advanceTo(client, furthest);
    if (reached < furthest) throw new SwitchTooEarly(`Built to position ${reached}, and ${furthest} is in use.`);
    await onSwitched(client);
    await client.query(`SET LOCAL lock_timeout = ${READERS_WAIT_MS}`);
    await lockAnalyticsViews(client);
    await client.query(`DROP TABLE IF EXISTS ${tables.map((name) => `${OLD}.${name}`).join(', ')}`);
    await client.query(`LOCK TABLE ${tables.map((name) => `${READ}.${name}`).join(', ')} IN ACCESS EXCLUSIVE MODE`);
    for (const name of tables) {
      await client.query(`ALTER TABLE ${READ}.${name} SET SCHEMA ${OLD}`);
      await client.query(`ALTER TABLE ${NEXT}.${name} SET SCHEMA ${READ}`);
    }
    await createAnalytics(client);
    for (const projection of projections)
      await client.query(SWITCH, [projection.name, storedVersion(projection), shapeOf(projection), reached]);
    await client.query(SKIP_BUILT);
    await client.query('DELETE FROM read.set_aside WHERE projection = ANY ($1)', [names]);
    await resumePartitions(client);
    await notifyProcesses(client);
    return reached;
  });

/** Whoever was given states before a read model was switched for one with other results has to be told so. */
const SWITCH = `UPDATE read.projections p SET version = $2, shape = $3, generation = generation + 1, built_to = $4,
  restated_at = CASE WHEN (SELECT coalesce(bool_and((c ->> 'isEqual')::boolean), false) FROM read.rebuilds r, json_array_elements(r.report) c WHERE r.name = p.name)
    THEN restated_at ELSE ${DATABASE_NOW} END WHERE name = $1`;

/** What all tables that are advanced hold already need not be advanced. Owners see by the epoch that there was a switch. */
const SKIP_BUILT = `UPDATE read.partitions SET epoch = epoch + 1,
  position = greatest(position, (SELECT min(built_to) FROM read.projections))`;

/** Drops the tables that a read model had before it was rebuilt; answers which. */
export async function dropReplaced(pool: Pool, { tables }: Projection): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename = ANY ($2) ORDER BY 1',
    [OLD, tables.map(({ name }) => name)],
  );
  if (rows.length > 0) await pool.query(`DROP TABLE ${rows.map(({ name }) => `${OLD}.${name}`).join(', ')}`);
  return rows.map(({ name }) => name);
}
