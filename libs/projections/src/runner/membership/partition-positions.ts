import { type Position, position } from '#domain';
import type { Progress } from '../../core/progress.js';
import type { StoredPartition } from './stored-partitions.js';

/** A partition as this process knows it. */
export interface PartitionStatus extends Omit<StoredPartition, 'position'> {
  readonly progress: Progress;
}

interface Waiting {
  readonly holds: () => boolean;
  readonly wake: () => void;
}

const NOWHERE: Progress = { position: position(0), recordedAt: null };

/** How far every partition has come, which read models are still being built, and who waits for either. */
export class PartitionPositions {
  readonly #partitions = new Map<number, PartitionStatus>();
  #building: readonly string[] = [];
  readonly #waiting = new Set<Waiting>();
  #awaited = 0;

  /** `onAwaited` is called when somebody begins to wait for a position. */
  constructor(private readonly onAwaited: () => void) {}

  /** True while somebody waits for a position. */
  get isAwaited(): boolean {
    return this.#awaited > 0;
  }

  /** Notes partitions as they are now. Positions only grow: one that is known to be further stays there. */
  note(partitions: readonly PartitionStatus[]): void {
    for (const status of partitions) {
      const known = this.one(status)?.progress;
      const progress = known && known.position > status.progress.position ? known : status.progress;
      this.#partitions.set(status.partition, { ...status, progress });
    }
    this.#wake();
  }

  /** Notes which read models are being built for the first time, or with other columns. */
  noteBuilding(names: readonly string[]): void {
    this.#building = names;
    this.#wake();
  }

  /** A partition; undefined before it is known. */
  one({ partition }: Pick<StoredPartition, 'partition'>): PartitionStatus | undefined {
    return this.#partitions.get(partition);
  }

  all(): readonly PartitionStatus[] {
    return [...this.#partitions.values()];
  }

  /** How far all partitions have come: the least of them. */
  least(): Progress {
    return leastOf(this.all());
  }

  /** How far the partitions have come that are not stopped; the others go no further by themselves. */
  running(): Progress {
    const running = this.all().filter(({ state }) => state === 'running');
    return running.length > 0 ? leastOf(running) : this.least();
  }

  /** How far answers about the policies of a partition have come: one that is stopped holds up its own only. */
  of(partition: number): Progress {
    const status = this.one({ partition });
    return status?.state === 'stopped' ? status.progress : this.running();
  }

  /** True when one of these read models, or any without names, is being built. */
  isBuilding(names?: readonly string[]): boolean {
    return this.#building.some((name) => names?.includes(name) ?? true);
  }

  /** Waits until what is running holds a position, at most so long, or until {@link wakeAll}. */
  async reached(wanted: Position, timeoutMs?: number): Promise<void> {
    this.#awaited += 1;
    this.onAwaited();
    await this.#until(() => this.running().position >= wanted, timeoutMs);
    this.#awaited -= 1;
  }

  /** Waits until all partitions hold more than a position, at most so long, or until {@link wakeAll}. */
  beyond(known: Position, timeoutMs: number): Promise<void> {
    return this.#until(() => this.least().position > known, timeoutMs);
  }

  /** Waits until every read model is built, or until {@link wakeAll}. */
  built(): Promise<void> {
    return this.#until(() => !this.isBuilding());
  }

  wakeAll(): void {
    for (const { wake } of [...this.#waiting]) wake();
  }

  #wake(): void {
    for (const { holds, wake } of [...this.#waiting]) if (holds()) wake();
  }

  #until(holds: () => boolean, timeoutMs?: number): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve();
      };
      const waiting: Waiting = { holds, wake };
      const timer = timeoutMs === undefined ? undefined : setTimeout(wake, timeoutMs);
      this.#waiting.add(waiting);
    });
  }
}

const leastOf = (partitions: readonly PartitionStatus[]): Progress =>
  partitions.reduce<Progress | undefined>(
    (least, { progress }) => (least && least.position <= progress.position ? least : progress),
    undefined,
  ) ?? NOWHERE;
