import type { Pool, PoolClient } from 'pg';
import { type Position, position } from '#domain';
import type { Projection } from './projection.js';
import { creationOf, indexesOf } from './table.js';
import { inTransaction } from './transaction.js';

/** How far each read model has come, by name, and the epoch of the runner that took over. */
export interface TakenPositions {
  readonly epoch: number;
  readonly positions: ReadonlyMap<string, Position>;
}

/**
 * Makes the tables that are missing and takes over from any runner before: its epoch is over.
 *
 * A read model of another version is dropped and begins at position 0 again. Tables come without their indexes, which
 * are cheaper to build once over many rows: see {@link completeIndexes}.
 */
export const takeOver = (pool: Pool, projections: readonly Projection[]): Promise<TakenPositions> =>
  inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [PREPARE_LOCK]);
    await client.query(CREATE_POSITIONS);
    for (const projection of projections) await prepareTables(client, projection);
    const { rows } = await client.query<{ name: string; position: number; epoch: number }>(NEW_EPOCH, [
      projections.map(({ name }) => name),
    ]);
    return { epoch: rows[0]?.epoch ?? 0, positions: new Map(rows.map((row) => [row.name, position(row.position)])) };
  });

/** Builds the indexes that are missing, takes away those no longer wanted, and lets the planner know what came in. */
export async function completeIndexes(pool: Pool, projections: readonly Projection[]): Promise<void> {
  for (const table of projections.flatMap(({ tables }) => tables)) {
    const { rows } = await pool.query<{ indexname: string }>(PRESENT_INDEXES, [table.name]);
    const present = rows.map(({ indexname }) => indexname);
    const wanted = indexesOf(table);
    const missing = wanted.filter(({ name }) => !present.includes(name));
    for (const { statement } of missing) await pool.query(statement);
    for (const name of present)
      if (!wanted.some((index) => index.name === name)) await pool.query(`DROP INDEX read.${name}`);
    if (missing.length > 0) await pool.query(`ANALYZE read.${table.name}`);
  }
}

const PRESENT_INDEXES = `SELECT indexname FROM pg_indexes WHERE schemaname = 'read' AND tablename = $1 AND indexname LIKE '%idx'`;

const PREPARE_LOCK = 7_303;

const CREATE_POSITIONS = `CREATE TABLE IF NOT EXISTS read.projections (
  name text PRIMARY KEY, version integer NOT NULL, position bigint NOT NULL, epoch integer NOT NULL)`;

const NEW_EPOCH = `UPDATE read.projections SET epoch = (SELECT max(epoch) + 1 FROM read.projections) WHERE name = ANY ($1)
  RETURNING name, position::float8 AS position, epoch`;

async function prepareTables(client: PoolClient, { name, version, tables }: Projection): Promise<void> {
  const { rows } = await client.query<{ version: number }>('SELECT version FROM read.projections WHERE name = $1', [
    name,
  ]);
  if (rows[0]?.version === version) return;
  for (const table of tables) {
    await client.query(`DROP TABLE IF EXISTS read.${table.name}`);
    await client.query(creationOf(table));
  }
  await client.query(
    `INSERT INTO read.projections (name, version, position, epoch) VALUES ($1, $2, 0, 0)
     ON CONFLICT (name) DO UPDATE SET version = $2, position = 0`,
    [name, version],
  );
}
