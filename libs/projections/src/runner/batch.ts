import type { Pool } from 'pg';
import { type Instant, type Position, instant, position } from '#domain';
import type { LogEntry } from '#event-log';
import { inTransaction } from '#postgres';
import { Turns } from '#runtime/turns';
import type { PolicyChange, Projection } from '../rows/projection.js';
import { groupRows } from '../rows/rows-at.js';
import { READ } from '../rows/table.js';
import { type ChangesOfTable, type TableWrite, writeInTurns, writeOf, writeTable } from '../rows/row-writer.js';
import { partitionOf } from './ledgers/partitions.js';
import { type PolicyLedgers, weightOf } from './ledgers/policy-ledgers.js';
import type { ParkedFilter, ParkingChanges } from './parking/parked-filter.js';
import { park, unpark } from './parking/stored-parked-events.js';
import { type Advance, advancePartitions } from './membership/stored-partitions.js';

/** Consecutive entries of the log, folded: what they change, and the rows that this comes to. */
export interface Batch {
  readonly changes: readonly PolicyChange[];
  readonly rows: BatchRows;
  readonly parking: ParkingChanges;
  /** What each read model took, those that it took late too. */
  readonly taken: ReadonlyMap<string, readonly PolicyChange[]>;
  /** The position before the first entry. */
  readonly after: Position;
  readonly last: { readonly position: Position; readonly recordedAt: Instant };
  readonly size: number;
}

/** The rows of a batch: as text, unless they are few, which one statement writes. */
type BatchRows = { readonly few: readonly ChangesOfTable[] } | { readonly many: readonly TableWrite[] };

/**
 * The rows of so many events are few, if what they change comes to no more than this. Measured: those of one event take
 * 12 times as long by COPY as by JSON, those of 50 half as long again, those of 500 by JSON 1.6 times as long as by COPY.
 */
const FEW_EVENTS = 50;
const FEW_CHANGES = 2_000;

/** A batch ends with the entry that brings what it changes to this weight, which then is a batch of its own. */
const WEIGHT_LIMIT = 50_000;

/** Large batches may have as much as this for each of their entries: usual events change about half of it. */
const WEIGHT_OF_ENTRY = 12;

/** A read model that is advanced, and the position up to which its tables are complete in every partition. */
export interface BuiltReadModel {
  readonly projection: Projection;
  readonly builtTo: Position;
}

/** What entries are folded with, and for which partitions. */
export interface Folding {
  readonly ledgers: PolicyLedgers;
  readonly models: readonly BuiltReadModel[];
  readonly partitions: readonly number[];
  readonly parkedFilter: ParkedFilter;
  /** What changes may come to in a batch; what is usual unless told. */
  readonly weightLimit?: number;
  /** Interrupts the folding. */
  readonly signal?: AbortSignal;
}

/**
 * Folds entries that follow each other in the log, at least one: all of them, or the first ones where they change much.
 * Those of other partitions change nothing.
 *
 * Throws {@link UnprocessableEventError} where a read model is to stop.
 */
export async function foldBatches(entries: readonly LogEntry[], folding: Folding): Promise<readonly Batch[]> {
  const { ledgers, partitions, signal, weightLimit = WEIGHT_LIMIT } = folding;
  const concerned = entries.filter(({ stream }) => partitions.includes(partitionOf(stream)));
  const weight = Math.max(weightLimit, WEIGHT_OF_ENTRY * concerned.length);
  const { changes, count, isFull } = await ledgers.take(concerned, { weight, ...(signal && { signal }) });
  const [heaviest, next] = [concerned[count - 1], concerned[count]];
  const end = next ? entries.indexOf(next) : entries.length;
  const cuts = isFull && heaviest ? [entries.indexOf(heaviest), end] : [end];
  const batches: Batch[] = [];
  for (const piece of cutAt(entries, cuts)) batches.push(await batchOf(piece, changes, folding));
  return batches;
}

/** The parts that end before each index. */
const cutAt = (entries: readonly LogEntry[], indexes: readonly number[]): readonly (readonly LogEntry[])[] =>
  indexes.map((end, number) => entries.slice(indexes[number - 1] ?? 0, end)).filter((piece) => piece.length > 0);

type RowMaking = Pick<Folding, 'models' | 'parkedFilter' | 'signal'>;

async function batchOf(
  entries: readonly LogEntry[],
  changes: readonly PolicyChange[],
  making: RowMaking,
): Promise<Batch> {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) throw new Error('A batch has at least one entry.');
  const own = changes.filter((change) => first.position <= change.position && change.position <= last.position);
  return {
    changes: own,
    ...(await rowsOf(own, making)),
    after: position(first.position - 1),
    last: { position: position(last.position), recordedAt: instant(last.recordedAt) },
    size: entries.length,
  };
}

/** The same batch, whose rows are written by a statement or two for each table, even where they are few. */
export const tableByTable = (batch: Batch): Batch => ({ ...batch, rows: { many: writesOf(batch) } });

const writesOf = ({ rows }: Batch): readonly TableWrite[] =>
  'many' in rows ? rows.many : rows.few.map(({ table, changes }) => writeOf(table, changes));

/**
 * Writes a batch's rows and advances the partitions, in one transaction.
 *
 * Writing a batch again that is already written does nothing, so it may be tried again when it is not known whether
 * the commit went through. Throws {@link TakenOver} when another process owns one of the partitions by now.
 */
export async function writeBatch(pool: Pool, batch: Batch, advance: Advance): Promise<void> {
  const { rows, parking, after, last } = batch;
  const to = last.position;
  const isOrdinary = parking.parked.length === 0 && parking.unparked.length === 0;
  if ('few' in rows && isOrdinary) {
    await advancePartitions(pool, { ...advance, rows: rows.few }, { after, to });
    return;
  }
  const writes = writesOf(batch);
  await inTransaction(pool, async (client) => {
    if (!(await advancePartitions(client, advance, { after, to }))) return;
    for (const write of writes) await writeTable(client, write, READ);
    for (const each of parking.unparked) await unpark(client, each);
    for (const each of parking.parked) await park(client, each, false);
  });
}

/** The rows of every table, table by table: in between, the batch that is being written can go on. */
async function rowsOf(
  changes: readonly PolicyChange[],
  { models, parkedFilter, signal }: RowMaking,
): Promise<Pick<Batch, 'rows' | 'parking' | 'taken'>> {
  const turns = new Turns(signal);
  const few: ChangesOfTable[] = [];
  const many: TableWrite[] = [];
  const parking: ParkingChanges[] = [];
  const taken = new Map<string, readonly PolicyChange[]>();
  const weight = changes.reduce((sum, change) => sum + weightOf(change), 0);
  const areFew = changes.length <= FEW_EVENTS && weight <= FEW_CHANGES;
  for (const { projection, builtTo } of models) {
    const concerned = changes.filter(({ position: at }) => at > builtTo);
    const filtered = await parkedFilter.filter(projection, concerned, turns);
    parking.push(filtered);
    taken.set(projection.name, filtered.taken);
    const byTable = groupRows(filtered.tableChanges, ({ table }) => table.name);
    for (const table of projection.tables) {
      const ofTable = byTable.get(table.name) ?? [];
      if (areFew) few.push({ table, changes: ofTable });
      else many.push(await writeInTurns(table, ofTable, turns));
    }
  }
  return {
    rows: areFew ? { few } : { many },
    parking: {
      parked: parking.flatMap(({ parked }) => parked),
      unparked: parking.flatMap(({ unparked }) => unparked),
    },
    taken,
  };
}
