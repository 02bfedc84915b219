import type { Pool } from 'pg';
import { type Position, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import {
  type RetryOptions,
  UNTIL_IT_SUCCEEDS,
  isSelfInflicted,
  isTransient,
  retry,
  sleep,
  waitForAbort,
} from '#postgres';
import { inSpan } from '#runtime/spans';
import { Interrupted } from '#runtime/turns';
import type { Projection } from '../rows/projection.js';
import { type Batch, type BuiltReadModel, type Folding, foldBatches, tableByTable, writeBatch } from './batch.js';
import { LogMismatchError, TakenOver, isFinal } from '../rows/faults.js';
import type { BatchWindow } from './batch-window.js';
import {
  BATCH,
  LEAST_BACKLOG_BATCHES,
  type PartitionStretch,
  cutAt,
  furthestOf,
  gather,
  stretchOf,
} from './stretch.js';
import type { ChangeFeed } from './change-feed.js';
import { type Holding, REBALANCE_TICK_MS, rebalance, releaseAll } from './membership/rebalance.js';
import { Narrowing } from './narrowing.js';
import { UnprocessableEventError, parkedEventOf } from './parking/parked-events.js';
import { KEPT_BYTES, PolicyLedgers } from './ledgers/policy-ledgers.js';
import type { Membership } from './membership/membership.js';
import type { PositionPoller } from './membership/position-poller.js';
import { RefusedError, UnexplainedRefusals, noteRefusal, suspectTriesOf } from './refusals.js';
import { ParkedFilter } from './parking/parked-filter.js';
import { type StoredPartition, stopPartition } from './membership/stored-partitions.js';

/** Before a round is tried again that ended in a passing fault. */
const PAUSE_MS = 200;

const NONE: ReadonlySet<number> = new Set();

/** How much a runner takes and keeps in memory at once. */
export interface RunnerLimits {
  /** Entries of a batch. */
  readonly batch: number;
  /** About what the ledgers of policies may take, in bytes. */
  readonly ledgerBytes: number;
}

const USUAL: RunnerLimits = { batch: BATCH, ledgerBytes: KEPT_BYTES };

interface Needs {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly projections: readonly Projection[];
  readonly membership: Membership;
  /** What this process is called in the list of those that live. */
  readonly name: string;
  /** Is given what is committed. */
  readonly feed: ChangeFeed;
  /** Publishes what others have committed, before partitions are acquired from them. */
  readonly poller: Pick<PositionPoller, 'poll'>;
  /** Says how long news may gather before it is taken. */
  readonly batchWindow: BatchWindow;
  /** What is usual, unless given. */
  readonly limits?: RunnerLimits;
  /** Told what failed and will be tried again, then, with null, that it went through. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Advances the partitions that this process owns, batch by batch: rows and positions in one transaction, so effects
 * happen exactly once.
 *
 * Partitions move only from the position at which this process left them, in the epoch in which it acquired them: a
 * process that no longer owns one rolls back, and reads again what it owns. An entry is never skipped. A batch is folded
 * while the one before it is being written.
 */
export class PartitionRunner {
  #owned = new Map<number, StoredPartition>();
  /** The read models that can be advanced. */
  #models: readonly BuiltReadModel[] = [];
  #member = 0;
  /** Ends the stretch under way, because other partitions are to be advanced. */
  #again = new AbortController();
  #ticking: Promise<void> = Promise.resolve();
  #tickSoon: (() => void) | undefined;
  readonly #ledgers: PolicyLedgers;
  /** The epochs of the partitions whose ledgers are at their positions. */
  #epochs: ReadonlyMap<number, number> = new Map();
  readonly #parkedFilter: ParkedFilter;
  readonly #narrowing = new Narrowing();
  readonly #unexplained = new UnexplainedRefusals();
  readonly #batch: number;
  #isTroubled = false;

  constructor(private readonly needs: Needs) {
    const { batch, ledgerBytes } = needs.limits ?? USUAL;
    this.#batch = batch;
    this.#ledgers = new PolicyLedgers(needs.log, ledgerBytes);
    this.#parkedFilter = new ParkedFilter(needs.log);
  }

  /** Acquires its share and advances it until the signal aborts; then releases it. Throws what no retry mends. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const running = AbortSignal.any([signal, ended.signal]);
    await this.#look(running);
    this.#ticking = this.#tick(running);
    try {
      while (!signal.aborted) await this.#round(signal);
    } finally {
      ended.abort();
      await this.#ticking;
      await releaseAll(this.needs.pool, this.#member).catch(this.needs.onTrouble);
    }
  }

  /** Looks at once whether there is anything to acquire or to release. */
  lookSoon(): void {
    this.#tickSoon?.();
  }

  async #tick(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const soon = new AbortController();
      this.#tickSoon = () => soon.abort();
      await sleep(REBALANCE_TICK_MS, AbortSignal.any([signal, soon.signal]));
      if (!signal.aborted) await this.#look(signal);
    }
  }

  /** Acquires its share; where that is not what it was, the stretch under way ends. */
  async #look(signal: AbortSignal): Promise<void> {
    const { pool, membership, name, poller } = this.needs;
    const look = async (): Promise<Holding | undefined> => {
      const holding = await rebalance(pool, { membership, name });
      this.#member = holding.member;
      if (this.#isAsBefore(holding)) return undefined;
      await poller.poll();
      return holding;
    };
    const holding = await retry(look, this.#retrying(signal)).catch(this.#noteTrouble);
    if (!holding) return;
    this.#owned = new Map(holding.partitions.map((partition) => [partition.partition, this.#asKnown(partition)]));
    this.#models = this.needs.projections.flatMap((projection) => {
      const builtTo = holding.models.find(({ name: stored }) => stored === projection.name)?.builtTo ?? null;
      return builtTo === null ? [] : [{ projection, builtTo }];
    });
    this.#again.abort();
  }

  #isAsBefore({ partitions }: Holding): boolean {
    const isKnown = (stored: StoredPartition): boolean => this.#owned.get(stored.partition) === this.#asKnown(stored);
    return partitions.length === this.#owned.size && partitions.every(isKnown);
  }

  /** What was committed since it was read is known here only. */
  #asKnown(stored: StoredPartition): StoredPartition {
    const known = this.#owned.get(stored.partition);
    return known?.epoch === stored.epoch && known.state === stored.state ? known : stored;
  }

  /** Advances the partitions that are furthest behind to the next ones; all of them, once they are level, without end. */
  async #round(stop: AbortSignal): Promise<void> {
    this.#again = new AbortController();
    const signal = AbortSignal.any([stop, this.#again.signal]);
    const running = [...this.#owned.values()].filter(({ state }) => state === 'running');
    if (running.length === 0 || this.#models.length === 0) return waitForAbort(signal);
    try {
      const head = await this.#headFrom(furthestOf(running), signal);
      await retry(() => this.#parkedFilter.load(this.needs.pool), this.#retrying(signal));
      this.#keepLedgersOf(running);
      const { isCrowded } = this.#ledgers;
      await this.#advance(stretchOf(running, { head, isCrowded, batch: this.#batch }), signal);
    } catch (error) {
      this.#ledgers.keepOnly(NONE);
      if (error instanceof TakenOver) return await this.#readOwnedAgain(stop);
      if (error instanceof UnprocessableEventError) return await this.#stop(error, stop);
      if (error instanceof RefusedError) return;
      if (!isTransient(error)) throw error;
      this.#noteTrouble(error);
      await sleep(PAUSE_MS, stop);
    }
  }

  /** Those of a partition that others have owned in between are not at its position. */
  #keepLedgersOf(running: readonly StoredPartition[]): void {
    const kept = running.filter(({ partition, epoch }) => this.#epochs.get(partition) === epoch);
    this.#ledgers.keepOnly(new Set(kept.map(({ partition }) => partition)));
    this.#epochs = new Map(running.map(({ partition, epoch }) => [partition, epoch]));
  }

  /** Stops a partition before an event that a read model cannot process; the others go on. */
  async #stop(error: UnprocessableEventError, signal: AbortSignal): Promise<void> {
    const partition = this.#owned.get(error.change.partition);
    const stopping = { owner: this.#member, parkedEvent: parkedEventOf(error) };
    if (partition)
      await retry(() => stopPartition(this.needs.pool, { ...stopping, partition }), this.#retrying(signal));
    await this.#look(signal);
  }

  async #readOwnedAgain(signal: AbortSignal): Promise<void> {
    this.#owned = new Map();
    await this.#look(signal);
  }

  /** The end of the log, which reaches at least to a position. */
  async #headFrom(furthest: Position, signal: AbortSignal): Promise<Position> {
    const head = await retry(() => this.needs.log.head(), this.#retrying(signal));
    if (furthest > head.position) throw logTooShort(head.position, furthest);
    return position(head.position);
  }

  /** Folds each batch while the one before it is being written. */
  async #advance(stretch: PartitionStretch, signal: AbortSignal): Promise<void> {
    const { log, batchWindow } = this.needs;
    const subscribed = log.subscribe(stretch.after, { signal, batchLimit: this.#batch });
    const usual = batchWindow.between(subscribed, { full: this.#batch, signal });
    let written: Promise<void> = Promise.resolve();
    let full = 0;
    try {
      for await (const entries of stretch.isBacklog ? gather(subscribed, stretch) : cutAt(usual, stretch.to)) {
        for await (const batch of this.#fold(entries, stretch, signal)) {
          await written;
          // What is folded and not written would be folded twice.
          if (signal.aborted) return this.#ledgers.keepOnly(NONE);
          written = this.#write(batch, stretch, signal);
          // Ends the wait for further entries; the error itself is raised below.
          written.catch(() => this.#again.abort());
        }
        full = entries.length === this.#batch ? full + 1 : 0;
        if (this.#ledgers.isCrowded && full >= LEAST_BACKLOG_BATCHES) return;
      }
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    } finally {
      await written;
    }
  }

  /** Folds entries, batch by batch. Throws where a read model is to stop before one of them, after those before it. */
  async *#fold(
    entries: readonly LogEntry[],
    { partitions }: PartitionStretch,
    signal: AbortSignal,
  ): AsyncGenerator<Batch> {
    const folding: Folding = {
      ledgers: this.#ledgers,
      models: this.#models,
      partitions: partitions.map(({ partition }) => partition),
      parkedFilter: this.#parkedFilter,
      signal,
    };
    let rest = entries;
    for (let first = rest[0]; first && !signal.aborted; first = rest[0]) {
      const after = position(first.position - 1);
      const some = rest.slice(0, this.#narrowing.limitAfter(after, rest.length));
      try {
        const batches = await retry(() => foldBatches(some, folding), this.#retrying(signal));
        yield* batches;
        const reached = batches.at(-1)?.last.position ?? after;
        rest = rest.filter((entry) => entry.position > reached);
      } catch (error) {
        this.#ledgers.keepOnly(NONE);
        if (!(error instanceof UnprocessableEventError) || some.length === 1) throw error;
        this.#narrowing.narrow({ after, to: error.change.position, size: some.length });
      }
    }
  }

  async #write(batch: Batch, { partitions }: PartitionStretch, signal: AbortSignal): Promise<void> {
    const advance = { owner: this.#member, partitions };
    try {
      const retrying = { ...this.#retrying(signal), selfInflictedTries: suspectTriesOf(batch) };
      // What was too much for one statement may not be for one each table.
      const write = (suspects: number): Promise<void> =>
        writeBatch(this.needs.pool, suspects === 0 ? batch : tableByTable(batch), advance);
      await inSpan('apply', () => retry(write, retrying));
    } catch (error) {
      if (isFinal(error) || (isTransient(error) && !isSelfInflicted(error))) throw error;
      this.#noteTrouble(error);
      const [parkedFilter, narrowing, unexplained] = [this.#parkedFilter, this.#narrowing, this.#unexplained];
      const { pool, projections } = this.needs;
      await noteRefusal(batch, error, { pool, projections, parkedFilter, narrowing, unexplained, signal });
    }
    if (this.#isTroubled) this.#noteTrouble(null);
    for (const partition of partitions) this.#move(partition, batch.last.position);
    this.#narrowing.passed(batch.last.position);
    this.#unexplained.passed(batch.last.position);
    const statuses = partitions.map((partition) => ({ ...partition, progress: batch.last }));
    await this.needs.feed.publish({ kind: 'advanced', changes: batch.changes, partitions: statuses });
  }

  #move({ partition, epoch }: StoredPartition, to: Position): void {
    const owned = this.#owned.get(partition);
    if (owned?.epoch === epoch) this.#owned.set(partition, { ...owned, position: to });
  }

  #retrying(signal: AbortSignal): RetryOptions {
    return { schedule: UNTIL_IT_SUCCEEDS, signal, onTrouble: this.#noteTrouble };
  }

  readonly #noteTrouble = (error: unknown): void => {
    this.#isTroubled = error !== null;
    this.needs.onTrouble(error);
  };
}

const logTooShort = (head: Position, wanted: Position): LogMismatchError =>
  new LogMismatchError(
    `The read models hold position ${wanted}, and the log ends at ${head}. Is it the log that they were built from? To build them again, empty the schema "read".`,
  );
