import { setImmediate } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type Instant, type Position, instant, position } from '#domain';
import type { LogEntry } from '#event-log';
import type { ChangesOfTable } from '../few-rows.js';
import type { PolicyChange, Projection } from '../projection.js';
import { grouped } from '../rows-at.js';
import { READ } from '../table.js';
import { type TableWrite, writeOf, writeTable } from '../table-write.js';
import { inTransaction } from '../transaction.js';
import { type Unit, partitionOf } from './partitions.js';
import type { PolicyLedgers } from './policy-ledgers.js';
import { type AsideChanges, type Sieve, setAside, takeBack } from './set-aside.js';
import { type Moving, moveUnits } from './units.js';

/** Consecutive entries of the log, folded: what they change, and the rows that this comes to. */
export interface Batch {
  readonly changes: readonly PolicyChange[];
  readonly rows: BatchRows;
  readonly aside: AsideChanges;
  /** The position before the first entry. */
  readonly after: Position;
  readonly last: { readonly position: Position; readonly recordedAt: Instant };
  readonly size: number;
}

/** The rows of a batch: as text, unless they are few, which one statement writes. */
type BatchRows = { readonly few: readonly ChangesOfTable[] } | { readonly many: readonly TableWrite[] };

/** The rows of so many events are few. */
const FEW_EVENTS = 50;

/** What entries are folded with, and for which units. */
export interface Folding {
  readonly ledgers: PolicyLedgers;
  readonly projections: readonly Projection[];
  readonly units: readonly Unit[];
  readonly sieve: Sieve;
}

/**
 * Folds entries that follow each other in the log; at least one. Those of other partitions change nothing.
 *
 * Throws {@link PoisonedError} where a read model is to stop.
 */
export async function foldBatch(entries: readonly LogEntry[], { ledgers, ...sifting }: Folding): Promise<Batch> {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) throw new Error('A batch has at least one entry.');
  const partitions = new Set(sifting.units.map(({ partition }) => partition));
  const changes = await ledgers.takeAll(entries.filter(({ stream }) => partitions.has(partitionOf(stream))));
  return {
    changes,
    ...(await rowsOf(changes, sifting)),
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
export async function writeBatch(
  pool: Pool,
  { rows, aside, after, last: { position: to } }: Batch,
  moving: Moving,
): Promise<void> {
  const isOrdinary = aside.set.length === 0 && aside.takenBack.length === 0;
  if ('few' in rows && isOrdinary) {
    await moveUnits(pool, { ...moving, rows: rows.few }, { after, to });
    return;
  }
  const writes = 'many' in rows ? rows.many : rows.few.map(({ table, changes }) => writeOf(table, changes));
  await inTransaction(pool, async (client) => {
    if (!(await moveUnits(client, moving, { after, to }))) return;
    for (const write of writes) await writeTable(client, write, READ);
    for (const each of aside.takenBack) await takeBack(client, each);
    for (const each of aside.set) await setAside(client, each, false);
  });
}

/** The rows of every table, table by table: in between, the batch that is being written can go on. */
async function rowsOf(
  changes: readonly PolicyChange[],
  { projections, units, sieve }: Omit<Folding, 'ledgers'>,
): Promise<Pick<Batch, 'rows' | 'aside'>> {
  const few: ChangesOfTable[] = [];
  const many: TableWrite[] = [];
  const aside: AsideChanges[] = [];
  const areFew = changes.length <= FEW_EVENTS;
  for (const projection of projections) {
    const partitions = new Set(units.flatMap((unit) => (unit.projection === projection.name ? [unit.partition] : [])));
    // The tables of a read model that is not brought on may have other columns.
    if (partitions.size === 0) continue;
    const concerned = changes.filter(({ partition }) => partitions.has(partition));
    const { tableChanges, ...asideOfOne } = await sieve.sift(projection, concerned);
    aside.push(asideOfOne);
    const byTable = grouped(tableChanges, ({ table }) => table.name);
    for (const table of projection.tables) {
      const ofTable = byTable.get(table.name) ?? [];
      if (areFew) few.push({ table, changes: ofTable });
      else {
        await setImmediate();
        many.push(writeOf(table, ofTable));
      }
    }
  }
  return {
    rows: areFew ? { few } : { many },
    aside: {
      set: aside.flatMap(({ set }) => set),
      takenBack: aside.flatMap(({ takenBack }) => takenBack),
      givenUp: aside.flatMap(({ givenUp }) => givenUp),
    },
  };
}
