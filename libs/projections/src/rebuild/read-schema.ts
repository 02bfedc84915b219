import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction, lockTransaction } from '#postgres';
import { CREATE_CURRENT_STATES, CURRENT_STATES } from '../core/states/current-states.js';
import { type Projection, storedVersion } from '../rows/projection.js';
import { CREATE_REBUILDS } from './rebuilds.js';
import { dropAnalyticsViews, prepareAnalytics } from './sql/analytics.js';
import { DATABASE_NOW, READ, type Table, columnsOf, creationOf, indexesOf } from '../rows/table.js';
import { CREATE_PARKED } from '../runner/parking/stored-parked-events.js';
import { PARTITIONS } from '../runner/ledgers/partitions.js';
import { createPartitions } from '../runner/membership/stored-partitions.js';

/** Raised whenever the tables of the runner itself change: everything is then built again, unless it can be migrated. */
const LAYOUT = `3.${PARTITIONS}`;

/** The layout in which each read model of a partition had a position of its own. */
const UNITS_LAYOUT = `2.${PARTITIONS}`;

/** A read model whose tables must be built again: by a rebuild beside what is there. */
export interface ToBuild {
  readonly name: string;
  readonly version: number;
}

/** The first read models of a log no longer than this are simply advanced; of a longer one they are built. */
const SHORT_LOG = 2_000;

/**
 * Creates the tables that are missing; answers which read models are to be built, because they are new or of another
 * version. Safe to call from several processes at once, and again.
 */
export const prepareReadSchema = (
  pool: Pool,
  projections: readonly Projection[],
  head: { readonly position: number },
): Promise<readonly ToBuild[]> =>
  inTransaction(pool, async (client) => {
    await lockTransaction(client, 'readSchema');
    await clearOtherLayout(client);
    await client.query(CREATE_RUNNER_TABLES);
    await migrateUnits(client);
    await client.query(CREATE_CURRENT_STATES);
    await client.query(CREATE_REBUILDS);
    await client.query(CREATE_PARKED);
    await client.query(
      "INSERT INTO read.projections (name, version, shape, generation) VALUES ($1, $2, '', 0) ON CONFLICT DO NOTHING",
      [CURRENT_STATES.name, CURRENT_STATES.version],
    );
    const toBuild: ToBuild[] = [];
    for (const projection of projections)
      if (await isToBuild(client, projection, head.position <= SHORT_LOG)) toBuild.push(projection);
    await prepareAnalytics(client);
    return toBuild;
  });

/** What the rows of a read model look like; the same shape can be read, and advanced, by another version. */
export const shapeOf = ({ tables }: Projection): string =>
  createHash('sha256')
    .update(JSON.stringify(tables.map((table) => [table.name, columnsOf(table)])))
    .digest('hex')
    .slice(0, 16);

/** Builds the indexes that a table has not, takes away those no longer wanted, and informs the planner. */
export async function completeIndexes(client: PoolClient, table: Table, schema: string): Promise<void> {
  const { rows } = await client.query<{ indexname: string }>(PRESENT_INDEXES, [schema, table.name]);
  const present = rows.map(({ indexname }) => indexname);
  const wanted = indexesOf(table, schema);
  const missing = wanted.filter(({ name }) => !present.includes(name));
  for (const name of present)
    if (!wanted.some((index) => index.name === name)) await client.query(`DROP INDEX ${schema}.${name}`);
  if (missing.length === 0) return;
  await giveTime(client);
  for (const { statement } of missing) await client.query(statement);
  await client.query(`ANALYZE ${schema}.${table.name}`);
}

/** An index over many rows takes its time, and memory: gives both to a transaction. */
export const giveTime = (client: PoolClient): Promise<unknown> =>
  client.query("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'");

const PRESENT_INDEXES = `SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND tablename = $2`;

const CREATE_RUNNER_TABLES = `
CREATE TABLE IF NOT EXISTS read.layout (version text PRIMARY KEY);
INSERT INTO read.layout (version) VALUES ('${LAYOUT}') ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS read.projections (
  name text PRIMARY KEY, version integer NOT NULL, shape text NOT NULL, generation integer NOT NULL);
ALTER TABLE read.projections ADD COLUMN IF NOT EXISTS restated_at bigint NOT NULL DEFAULT 0;
ALTER TABLE read.projections ADD COLUMN IF NOT EXISTS built_to bigint;
${createPartitions(PARTITIONS)};
CREATE SEQUENCE IF NOT EXISTS read.member_numbers AS integer CYCLE;
CREATE TABLE IF NOT EXISTS read.members (member integer PRIMARY KEY, name text NOT NULL, seen_at timestamptz NOT NULL);
`;

/** What another layout left is of no use: the log has everything. */
async function clearOtherLayout(client: PoolClient): Promise<void> {
  const { rows: tables } = await client.query<{ name: string }>(
    "SELECT schemaname || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname IN ('read', 'read_next', 'read_old')",
  );
  if (tables.length === 0) return;
  if (tables.some(({ name }) => name === 'read.layout')) {
    const { rowCount } = await client.query('SELECT FROM read.layout WHERE version = ANY ($1)', [
      [LAYOUT, UNITS_LAYOUT],
    ]);
    if (rowCount === 1) return;
  }
  await dropAnalyticsViews(client);
  await client.query(`DROP TABLE ${tables.map(({ name }) => name).join(', ')}`);
}

/**
 * Carries the positions over from where each read model of a partition had its own. A read model that was behind others
 * in a partition is built again. Layout 2 was in use until 2026-11.
 */
async function migrateUnits(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ isThere: boolean }>(
    `SELECT to_regclass('read.units') IS NOT NULL AS "isThere"`,
  );
  if (rows[0]?.isThere) await client.query(MIGRATE_UNITS);
}

const MIGRATE_UNITS = `
UPDATE read.partitions p SET position = u.position, epoch = u.epoch + 1
  FROM (SELECT partition, max(position) AS position, max(epoch) AS epoch FROM read.units GROUP BY partition) u WHERE p.partition = u.partition;
UPDATE read.projections r SET built_to = 0 WHERE EXISTS (SELECT FROM read.units u WHERE u.projection = r.name)
  AND NOT EXISTS (SELECT FROM read.units u JOIN read.partitions p USING (partition)
    WHERE u.projection = r.name AND (u.position < p.position OR u.state = 'building'));
DELETE FROM read.set_aside a WHERE stops;
DROP TABLE read.units;
DELETE FROM read.layout;
INSERT INTO read.layout (version) VALUES ('${LAYOUT}')`;

/** Creates what is new; true when the read model has to be built beside what is there. */
async function isToBuild(client: PoolClient, projection: Projection, isShort: boolean): Promise<boolean> {
  const { name } = projection;
  const shape = shapeOf(projection);
  const { rows } = await client.query<{ version: number; shape: string; isBuilt: boolean }>(
    'SELECT version, shape, built_to IS NOT NULL AS "isBuilt" FROM read.projections WHERE name = $1',
    [name],
  );
  const [there] = rows;
  if (!there) return !(await createReadModel(client, projection, isShort));
  if (there.shape !== shape) await reshape(client, projection);
  else for (const table of projection.tables) await completeIndexes(client, table, READ);
  return there.version !== storedVersion(projection) || there.shape !== shape || !there.isBuilt;
}

/** What has other columns can neither be advanced nor read; its tables that are new are there at least. */
async function reshape(client: PoolClient, { name, tables }: Projection): Promise<void> {
  for (const table of tables) await client.query(creationOf(table, READ));
  await client.query('UPDATE read.projections SET built_to = NULL WHERE name = $1', [name]);
  await client.query('UPDATE read.partitions SET epoch = epoch + 1');
}

/** True where the read model is complete: nothing was advanced yet, and the log is so short that it can be. */
async function createReadModel(client: PoolClient, projection: Projection, isShort: boolean): Promise<boolean> {
  for (const table of projection.tables) {
    await client.query(creationOf(table, READ));
    await completeIndexes(client, table, READ);
  }
  const { rowCount } = await client.query('SELECT FROM read.partitions WHERE position > 0 LIMIT 1');
  const isComplete = isShort && rowCount === 0;
  await client.query(
    `INSERT INTO read.projections (name, version, shape, generation, restated_at, built_to) VALUES ($1, $2, $3, 0, ${DATABASE_NOW}, $4)`,
    [projection.name, isComplete ? storedVersion(projection) : 0, shapeOf(projection), isComplete ? 0 : null],
  );
  return isComplete;
}
