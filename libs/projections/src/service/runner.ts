import { hostname } from 'node:os';
import { sleep } from '#postgres';
import { Rebuilder } from '../rebuild/rebuilder.js';
import { PartitionRunner, type RunnerLimits } from '../runner/partition-runner.js';
import type { WorkPart } from './condition.js';
import type { ReadModels } from './read-models.js';

/** How often a process looks whether anything is to be rebuilt, besides whenever somebody asks for it. */
const REBUILD_LOOK_MS = 1_000;

/** Rebuilds that are asked for within this time of each other are made together, which takes little longer than one. */
const REBUILD_GATHER_MS = 500;

/** Advances read models in this process: its share of the partitions, and rebuilds. */
export class Runner {
  readonly #partitions: PartitionRunner;
  readonly #rebuilder: Rebuilder;
  readonly #stop = new AbortController();
  #rebuildSoon = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  /**
   * `foldingThreads` is the number of threads beside this one in which rebuilds of long logs fold; `limits` what the
   * advancing takes at once, where that is not to be the usual.
   */
  constructor(
    private readonly readModels: ReadModels,
    { foldingThreads, limits }: { readonly foldingThreads: number; readonly limits?: RunnerLimits },
  ) {
    const { needs, projections, membership, feed, batchWindow } = readModels;
    const { pool, log } = needs;
    this.#partitions = new PartitionRunner({
      pool,
      log,
      projections,
      membership,
      name: `${hostname()}/${process.pid}`,
      feed,
      poller: readModels,
      batchWindow,
      ...(limits && { limits }),
      onTrouble: (error) => this.#noteTrouble('batches', error),
    });
    this.#rebuilder = new Rebuilder({ pool, log, projections, foldingThreads, member: () => membership.member });
    readModels.onNotified(() => {
      this.#partitions.lookSoon();
      this.#rebuildSoon.abort();
    });
  }

  /** Begins, once the read models are open. */
  start(): void {
    if (!this.#stop.signal.aborted) this.#running = Promise.all([this.#advance(), this.#rebuild()]);
  }

  /** Waits until every read model is built and holds what is in the log by now, or until they stop. */
  async caughtUp(): Promise<void> {
    const { needs, positions, condition } = this.readModels;
    if (condition.state !== 'running') return;
    await positions.built();
    const { position } = await needs.log.head();
    if (!this.#stop.signal.aborted) await positions.reached(position);
    if (!this.#stop.signal.aborted) condition.noteCaughtUp();
  }

  /** Stops after the batches under way, and releases its partitions. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.readModels.positions.wakeAll();
  }

  async #advance(): Promise<void> {
    const { condition, needs, positions } = this.readModels;
    try {
      await this.#partitions.run(this.#stop.signal);
      condition.noteStopped();
    } catch (error) {
      condition.noteStopped(error);
      if (!this.#stop.signal.aborted) needs.onStopped(error);
      positions.wakeAll();
    }
  }

  /** Makes rebuilds one after the other; after a fault that passes it tries again. */
  async #rebuild(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#rebuildSoon = new AbortController();
      const hasWorked = await this.#rebuilder.work(signal).catch((error: unknown) => {
        this.#noteTrouble('rebuilds', error);
        return false;
      });
      if (hasWorked) this.#noteTrouble('rebuilds', null);
      if (hasWorked) continue;
      await sleep(REBUILD_LOOK_MS, AbortSignal.any([signal, this.#rebuildSoon.signal]));
      await sleep(REBUILD_GATHER_MS, signal);
    }
  }

  /** What the stop cuts short is no trouble. */
  #noteTrouble(part: WorkPart, error: unknown): void {
    if (!this.#stop.signal.aborted || error === null) this.readModels.condition.noteTrouble(part, error);
  }
}
