import type { Pool } from 'pg';
import { type Position, position } from '#domain';
import type { EventLog } from '#event-log';
import type { RecordTimes } from '../../core/record-times.js';
import type { AdvancedElsewhere, ChangeFeed, Replaced } from '../change-feed.js';
import { partitionOf } from '../ledgers/partitions.js';
import type { PartitionPositions, PartitionStatus } from './partition-positions.js';
import { type StoredPartition, type StoredReadModel, readPartitions, readReadModels } from './stored-partitions.js';

/** More entries than this are not listed: any row may then differ. */
const LISTED_ENTRIES = 5_000;

interface Needs {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly times: RecordTimes;
  readonly positions: PartitionPositions;
  /** The names of the read models. */
  readonly names: readonly string[];
  readonly feed: ChangeFeed;
  /** The number of this process, once it takes part. */
  readonly member: () => number | undefined;
}

/** Learns from the database what other processes have applied, and publishes it. */
export class PositionPoller {
  #polling: Promise<void> | undefined;
  #isAskedAgain = false;
  #generations: string | undefined;

  constructor(private readonly needs: Needs) {}

  /** Reads how far partitions have come; called meanwhile, it reads once more. */
  poll(): Promise<void> {
    this.#isAskedAgain = true;
    return (this.#polling ??= this.#pollAll().finally(() => (this.#polling = undefined)));
  }

  async #pollAll(): Promise<void> {
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      await this.#pollOnce();
    }
  }

  async #pollOnce(): Promise<void> {
    const { pool, feed, names, positions } = this.needs;
    const models = await readReadModels(pool);
    const stored = await readPartitions(pool);
    const partitions: PartitionStatus[] = [];
    for (const partition of stored) partitions.push(await this.#statusOf(partition));
    const generations = models.map(({ name, generation }) => `${name} ${generation}`).join();
    const isReplaced = generations !== this.#generations;
    const change: Replaced | AdvancedElsewhere = isReplaced
      ? { kind: 'replaced' }
      : await this.#advancedElsewhere(stored);
    await feed.publish({ ...change, partitions });
    this.#generations = generations;
    const isBuilding = ({ name, builtTo }: StoredReadModel): boolean => builtTo === null && names.includes(name);
    positions.noteBuilding(models.filter(isBuilding).map(({ name }) => name));
  }

  async #advancedElsewhere(partitions: readonly StoredPartition[]): Promise<AdvancedElsewhere | Replaced> {
    const moved = partitions.filter((each) => !this.#isPublishedHere(each) && each.position > this.#knownOf(each));
    if (moved.length === 0) return { kind: 'advanced-elsewhere', entries: [] };
    const after = position(Math.min(...moved.map((each) => this.#knownOf(each))));
    const count = Math.max(...moved.map((each) => each.position)) - after;
    if (count > LISTED_ENTRIES) return { kind: 'replaced' };
    const numbers = new Set(moved.map(({ partition }) => partition));
    const entries = await this.needs.log.readAll(after, count);
    return { kind: 'advanced-elsewhere', entries: entries.filter(({ stream }) => numbers.has(partitionOf(stream))) };
  }

  /** True where this process has owned the partition since its position was last read: then it has published all of it. */
  #isPublishedHere(partition: StoredPartition): boolean {
    const { member, positions } = this.needs;
    const { owner, epoch } = partition;
    return owner !== null && owner === member() && positions.one(partition)?.epoch === epoch;
  }

  #knownOf(partition: StoredPartition): Position {
    return this.needs.positions.one(partition)?.progress.position ?? position(0);
  }

  async #statusOf({ position: reached, ...partition }: StoredPartition): Promise<PartitionStatus> {
    const { times, positions } = this.needs;
    const known = positions.one(partition)?.progress;
    if (known?.position === reached) return { ...partition, progress: known };
    const recordedAt = reached === 0 ? null : await times.of(reached);
    return { ...partition, progress: { position: reached, recordedAt } };
  }
}
