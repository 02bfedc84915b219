import type { LogEntry } from '#event-log';
import type { PolicyChange } from '../rows/projection.js';
import type { PartitionPositions, PartitionStatus } from './membership/partition-positions.js';

/** A batch that this process committed, with all that it changed. */
interface Advanced {
  readonly kind: 'advanced';
  readonly changes: readonly PolicyChange[];
}

/** Entries that other processes have applied, in order; none where only states or owners of partitions differ. */
export interface AdvancedElsewhere {
  readonly kind: 'advanced-elsewhere';
  readonly entries: readonly LogEntry[];
}

/** Any row may differ from before: read models were switched, or others applied too many entries to list. */
export interface Replaced {
  readonly kind: 'replaced';
}

/** A change that was committed to the read models, by this process or another, and how far partitions have come with it. */
export type CommittedChange = (Advanced | AdvancedElsewhere | Replaced) & {
  readonly partitions: readonly PartitionStatus[];
};

/** Takes one change in. It may be given the same change again after a fault. */
export type ChangeSubscriber = (change: CommittedChange) => void | Promise<void>;

/**
 * The committed changes of all processes in one order; those of a partition are in the order of their commits.
 *
 * Each change goes to the subscribers one after the other, then moves the positions, which wakes whoever waits for
 * them; only then the next change follows. So whoever sees a position finds its changes everywhere.
 */
export class ChangeFeed {
  readonly #subscribers = new Set<ChangeSubscriber>();
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly positions: Pick<PartitionPositions, 'note'>) {}

  /** Gives each later change to a subscriber, after those who subscribed before it; answers how to end that. */
  subscribe(subscriber: ChangeSubscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /**
   * Publishes what is committed; resolves when all have taken it in.
   *
   * Where one of them fails, the others are given the change all the same, the positions stay, and the promise rejects:
   * publish the change again, or stop.
   */
  publish(change: CommittedChange): Promise<void> {
    const published = this.#last.then(() => this.#give(change));
    this.#last = published.catch(() => undefined);
    return published;
  }

  async #give(change: CommittedChange): Promise<void> {
    const faults: unknown[] = [];
    for (const subscriber of [...this.#subscribers])
      try {
        await subscriber(change);
      } catch (fault) {
        faults.push(fault);
      }
    if (faults.length > 0) throw faults[0];
    this.positions.note(change.partitions);
  }
}
