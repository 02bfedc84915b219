import { type Position, position } from '#domain';
import type { LogEntry } from '#event-log';
import { partitionOf } from './ledgers/partitions.js';
import type { StoredPartition } from './membership/stored-partitions.js';

/** The partitions that are advanced together, from one position, and the position at which others join them. */
export interface PartitionStretch {
  readonly partitions: readonly StoredPartition[];
  readonly after: Position;
  /** Infinite where there are no others. */
  readonly to: number;
  /** True where everything up to the end is taken at once. */
  readonly isBacklog: boolean;
}

/** Entries are applied in batches of at most this many. */
export const BATCH = 500;

/**
 * A backlog of policies that do not fit in memory together is taken so many batches at a time, of one partition after
 * the other: each policy's ledger is rebuilt once for all of its events there. Fewer would rebuild them more often; of
 * more, what changes would need more memory.
 */
const BACKLOG_BATCHES = 40;

/** So many full batches in a row are a backlog. */
export const LEAST_BACKLOG_BATCHES = 4;

/** How far the log goes, and whether ledgers did not fit in memory; what a batch is unless it is as usual. */
interface Waiting {
  readonly head: Position;
  readonly isCrowded: boolean;
  readonly batch?: number;
}

/** The partitions that are furthest behind, up to where they meet the next; one of them where there is a backlog. */
export function stretchOf(
  running: readonly StoredPartition[],
  { head, isCrowded, batch = BATCH }: Waiting,
): PartitionStretch {
  const after = position(Math.min(...running.map((partition) => partition.position)));
  const further = running.map((partition) => partition.position).filter((at) => at > after);
  const to = Math.min(...further);
  const partitions = running.filter((partition) => partition.position === after);
  const end = Math.min(to, after + BACKLOG_BATCHES * batch, head);
  return isCrowded && end - after >= LEAST_BACKLOG_BATCHES * batch
    ? { partitions: partitions.slice(0, 1), after, to: end, isBacklog: true }
    : { partitions, after, to, isBacklog: false };
}

/** The position of the partition that is furthest. */
export const furthestOf = (partitions: readonly StoredPartition[]): Position =>
  position(Math.max(...partitions.map((partition) => partition.position)));

/** The same batches, up to a position. */
export async function* cutAt(
  batches: AsyncIterable<readonly LogEntry[]>,
  to: number,
): AsyncGenerator<readonly LogEntry[]> {
  for await (const entries of batches) {
    yield entries.filter((entry) => entry.position <= to);
    if (entries.some((entry) => entry.position >= to)) return;
  }
}

/** In the place of what is not read: most of what an entry takes in memory. */
const UNREAD: Pick<LogEntry, 'entry' | 'body' | 'erasable'> = { entry: '', body: {}, erasable: [] };

/** All entries up to a position as one batch, those of other partitions without what they say. */
export async function* gather(
  batches: AsyncIterable<readonly LogEntry[]>,
  { partitions, to }: Pick<PartitionStretch, 'partitions' | 'to'>,
): AsyncGenerator<readonly LogEntry[]> {
  const own = new Set(partitions.map(({ partition }) => partition));
  const gathered: LogEntry[] = [];
  for await (const entries of cutAt(batches, to))
    gathered.push(...entries.map((each) => (own.has(partitionOf(each.stream)) ? each : { ...each, ...UNREAD })));
  if (gathered.length > 0) yield gathered;
}
