import type { Pool } from 'pg';
import { position } from '#domain';
import type { EventLog } from '#event-log';
import { lockSession } from '#postgres';
import type { Projection } from '../../rows/projection.js';
import { projections as readModels } from '../../read-models/registry.js';
import { readPartitions } from '../../runner/membership/stored-partitions.js';
import { READ, creationOf } from '../../rows/table.js';
import { buildInBulk } from '../fold/bulk-build.js';
import { type TableComparison, compareTables } from '../digest.js';
import { folderOf } from '../fold/folding-threads.js';

const CHECK = 'read_check';

/** Whether the read models follow from the log, table by table, as of a position. */
export interface ReplayComparison {
  readonly position: number;
  readonly isEqual: boolean;
  readonly tables: readonly TableComparison[];
}

/**
 * Builds every read model again from the log, beside those in use, and compares: as of the position that all of them
 * have reached. `one` is what is in use, `other` what follows from the log. One check at a time.
 */
export async function compareWithReplay({
  pool,
  log,
  projections = readModels,
  threads = 0,
  onProgress = () => undefined,
}: {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly projections?: readonly Projection[];
  /** Threads that fold beside this one; none unless told. */
  readonly threads?: number;
  /** Told how many events are built in. */
  readonly onProgress?: (events: number) => void;
}): Promise<ReplayComparison> {
  const tables = projections.flatMap((projection) => projection.tables);
  const guard = await pool.connect();
  try {
    await lockSession(guard, 'replayCheck');
    const drop = `DROP TABLE IF EXISTS ${tables.map(({ name }) => `${CHECK}.${name}`).join(', ')}`;
    await guard.query(drop);
    for (const table of tables) await guard.query(creationOf(table, CHECK));
    const partitions = await readPartitions(guard);
    const at = position(Math.min(...partitions.map((partition) => partition.position)));
    await buildInBulk({
      pool,
      log,
      folder: folderOf({ pool, log, threads, projections, upTo: at }),
      schema: CHECK,
      upTo: at,
      from: { cursor: position(0), events: 0 },
      onChunk: async (_client, { events }) => onProgress(events),
    });
    const comparisons = await compareTables(pool, tables, { one: READ, other: CHECK, at });
    await guard.query(drop);
    return { position: at, isEqual: comparisons.every(({ isEqual }) => isEqual), tables: comparisons };
  } finally {
    // Closing the connection releases the lock.
    guard.release(true);
  }
}
