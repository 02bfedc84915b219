import { setImmediate } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { type Instant, type Position, instant, position } from '#domain';
import type { LogEntry } from '#event-log';
import type { PolicyLedgers } from './policy-ledgers.js';
import type { PolicyChange, Projection } from './projection.js';
import { grouped } from './rows-at.js';
import { type TableWrite, writeOf, writeTable } from './table.js';
import { inTransaction } from './transaction.js';

/** Another runner took over: this one must not write any more. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

/** Consecutive entries of the log, folded: what they change, and the rows that this comes to. */
export interface Batch {
  readonly changes: readonly PolicyChange[];
  readonly writes: readonly TableWrite[];
  /** The position before the first entry. */
  readonly after: Position;
  readonly last: { readonly position: Position; readonly recordedAt: Instant };
  readonly size: number;
}

/** Whose positions a batch moves. */
export interface Owner {
  readonly names: readonly string[];
  readonly epoch: number;
}

/** Folds entries that follow each other in the log; at least one. */
export async function foldBatch(
  entries: readonly LogEntry[],
  { ledgers, projections }: { ledgers: PolicyLedgers; projections: readonly Projection[] },
): Promise<Batch> {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) throw new Error('A batch has at least one entry.');
  const changes = await ledgers.takeAll(entries);
  return {
    changes,
    writes: await writesOf(projections, changes),
    after: position(first.position - 1),
    last: { position: position(last.position), recordedAt: instant(last.recordedAt) },
    size: entries.length,
  };
}

/**
 * Writes a batch's rows and moves the positions, in one transaction.
 *
 * Writing a batch again that is already written does nothing, so it may be tried again when it is not known whether
 * the commit went through. Throws {@link TakenOver} when another runner has moved the positions.
 */
export const writeBatch = (pool: Pool, batch: Batch, owner: Owner): Promise<void> =>
  inTransaction(pool, async (client) => {
    if (await isWritten(client, batch, owner)) return;
    for (const write of batch.writes) await writeTable(client, write);
  });

/** The rows of every table, table by table: in between, the batch that is being written can go on. */
async function writesOf(
  projections: readonly Projection[],
  changes: readonly PolicyChange[],
): Promise<readonly TableWrite[]> {
  const writes: TableWrite[] = [];
  for (const projection of projections) {
    const tableChanges = grouped(
      changes.flatMap((change) => projection.changesOf(change)),
      ({ table }) => table.name,
    );
    for (const table of projection.tables) {
      await setImmediate();
      writes.push(writeOf(table, tableChanges.get(table.name) ?? []));
    }
  }
  return writes;
}

/** Moves the positions, which also keeps other runners out until the commit; true when they had been moved before. */
async function isWritten(client: PoolClient, { after, last }: Batch, { names, epoch }: Owner): Promise<boolean> {
  const moved = await client.query({
    name: 'move-positions',
    text: MOVE,
    values: [names, after, last.position, epoch],
  });
  if (moved.rowCount === names.length) return false;
  const there = await client.query({ name: 'positions-moved', text: MOVED, values: [names, last.position, epoch] });
  if (there.rowCount === names.length) return true;
  throw new TakenOver(`Another process brings the read models on since position ${after}. This one has stopped.`);
}

const MOVE = 'UPDATE read.projections SET position = $3 WHERE name = ANY ($1) AND position = $2 AND epoch = $4';
const MOVED = 'SELECT name FROM read.projections WHERE name = ANY ($1) AND position = $2 AND epoch = $3';
