import { setImmediate } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type Instant, type Position, instant, position } from '#domain';
import type { LogEntry } from '#event-log';
import type { PolicyChange, Projection } from '../projection.js';
import { grouped } from '../rows-at.js';
import { READ, type TableWrite, writeOf, writeTable } from '../table.js';
import { inTransaction } from '../transaction.js';
import { type Unit, partitionOf } from './partitions.js';
import type { PolicyLedgers } from './policy-ledgers.js';
import { type Moving, wereMoved } from './units.js';

/** Consecutive entries of the log, folded: what they change, and the rows that this comes to. */
export interface Batch {
  readonly changes: readonly PolicyChange[];
  readonly writes: readonly TableWrite[];
  /** The position before the first entry. */
  readonly after: Position;
  readonly last: { readonly position: Position; readonly recordedAt: Instant };
  readonly size: number;
}

/** What entries are folded with, and for which units. */
export interface Folding {
  readonly ledgers: PolicyLedgers;
  readonly projections: readonly Projection[];
  readonly units: readonly Unit[];
}

/** Folds entries that follow each other in the log; at least one. Those of other partitions change nothing. */
export async function foldBatch(
  entries: readonly LogEntry[],
  { ledgers, projections, units }: Folding,
): Promise<Batch> {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) throw new Error('A batch has at least one entry.');
  const partitions = new Set(units.map(({ partition }) => partition));
  const changes = await ledgers.takeAll(entries.filter(({ stream }) => partitions.has(partitionOf(stream))));
  return {
    changes,
    writes: await writesOf(changes, { projections, units }),
    after: position(first.position - 1),
    last: { position: position(last.position), recordedAt: instant(last.recordedAt) },
    size: entries.length,
  };
}

/**
 * Writes a batch's rows and moves the units, in one transaction.
 *
 * Writing a batch again that is already written does nothing, so it may be tried again when it is not known whether
 * the commit went through. Throws {@link TakenOver} when another process holds one of the units by now.
 */
export const writeBatch = (pool: Pool, batch: Batch, moving: Moving): Promise<void> =>
  inTransaction(pool, async (client) => {
    if (await wereMoved(client, moving, { after: batch.after, to: batch.last.position })) return;
    for (const write of batch.writes) await writeTable(client, write, READ);
  });

/** The rows of every table, table by table: in between, the batch that is being written can go on. */
export async function writesOf(
  changes: readonly PolicyChange[],
  { projections, units }: Pick<Folding, 'projections' | 'units'>,
): Promise<readonly TableWrite[]> {
  const writes: TableWrite[] = [];
  for (const projection of projections) {
    const partitions = new Set(units.flatMap((unit) => (unit.projection === projection.name ? [unit.partition] : [])));
    const concerned = changes.filter(({ partition }) => partitions.has(partition));
    const tableChanges = grouped(
      concerned.flatMap((change) => projection.changesOf(change)),
      ({ table }) => table.name,
    );
    for (const table of projection.tables) {
      await setImmediate();
      writes.push(writeOf(table, tableChanges.get(table.name) ?? []));
    }
  }
  return writes;
}
