import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { type EventLog, type LogEntry, positionOf } from '#event-log';
import { isPassing, paused } from '#projections';
import type { Hash } from '../merkle.js';
import type { SignerKey } from '../note-keys.js';
import { ContradictionError, type GrowingTree } from './growing-tree.js';
import { LEASE_TICK_MS, leaveLease, noteError, takeLease } from './lease.js';
import {
  FollowerTakenOver,
  type Signing,
  assertRootsAsSigned,
  signEmptyTree,
  signedRoots,
  storeGrowth,
  takeUpTree,
} from './tree-store.js';

/** What following the log stands on. All of it is the caller's to close. */
export interface FollowerNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly key: SignerKey;
  /** Told why the tree goes no further, once for each reason. */
  readonly onHalted: (error: Error) => void;
}

/** Entries become leaves in batches of at most this many: 16 full tiles. */
const BATCH_LIMIT = 4_096;

/** Once the news is read, so long until more is signed: at most four checkpoints a second. */
const PACE_MS = 250;

/** Before what failed in passing is tried again. */
const RETRY_MS = 200;

/** Before a tree that contradicts the log is looked at again. */
const HALTED_MS = 3_000;

/**
 * Follows the log and signs what it comes to. Any number of processes may: one at a time does, and another takes over
 * when it is gone.
 *
 * Tiles, stream heads, position and checkpoint move in one transaction, guarded by compare-and-set on owner and old
 * position. Where the log contradicts what was signed nothing more is signed, until it does not any more.
 */
export class AuditFollower {
  readonly #owner = randomUUID();
  #told: string | undefined;
  #leads = false;

  constructor(private readonly needs: FollowerNeeds) {}

  /** True while this process is the one that follows. */
  get leads(): boolean {
    return this.#leads;
  }

  /** Follows until the signal aborts; then lets go. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await paused(await this.#round(signal), signal);
    await leaveLease(this.needs.pool, this.#owner).catch(() => undefined);
    this.#leads = false;
  }

  /** Follows as long as it may and can; answers how long to wait before the next time. */
  async #round(signal: AbortSignal): Promise<number> {
    try {
      this.#leads = await takeLease(this.needs.pool, this.#owner);
      if (!this.#leads) return LEASE_TICK_MS;
      await this.#leading(signal);
      return 0;
    } catch (error) {
      if (error instanceof FollowerTakenOver || isPassing(error)) return RETRY_MS;
      await this.#halt(error);
      return HALTED_MS;
    }
  }

  async #halt(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error : new Error(String(error));
    if (this.#told !== reason.message) this.needs.onHalted(reason);
    this.#told = reason.message;
    await noteError(this.needs.pool, this.#owner, reason.message).catch(() => undefined);
  }

  /** Follows while the lease is this process's. */
  async #leading(stop: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const signal = AbortSignal.any([stop, ended.signal]);
    const renewing = this.#renew(signal, ended);
    try {
      await this.#follow(signal);
    } finally {
      ended.abort();
      await renewing;
    }
  }

  async #renew(signal: AbortSignal, ended: AbortController): Promise<void> {
    while (!signal.aborted) {
      await paused(LEASE_TICK_MS, signal);
      // Nothing wrong is done without the lease, so one that could not be renewed is simply asked for again.
      this.#leads = await takeLease(this.needs.pool, this.#owner).catch(() => this.#leads);
      if (!this.#leads) ended.abort();
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { pool, log, key } = this.needs;
    const signing = { pool, key, owner: this.#owner };
    const tree = await takeUpTree(signing, (size) => log.recordedAtOf(positionOf(size)));
    await this.#assertLogReaches(tree.size);
    if (tree.size === 0) await signEmptyTree(signing);
    await noteError(pool, this.#owner, null);
    this.#told = undefined;
    let root = tree.root();
    const subscription = log.subscribe(positionOf(tree.size), { signal, batchLimit: BATCH_LIMIT });
    for await (const entries of subscription) {
      if (signal.aborted) return;
      root = await grown(signing, { tree, entries, root });
      if (entries.length < BATCH_LIMIT) await paused(PACE_MS, signal);
    }
  }

  async #assertLogReaches(size: number): Promise<void> {
    const { position } = await this.needs.log.head();
    if (position < size)
      throw new ContradictionError(`The log ends at position ${position}, and was signed up to ${size}.`);
  }
}

interface Growing {
  readonly tree: GrowingTree;
  readonly entries: readonly LogEntry[];
  /** Of the tree before. */
  readonly root: Hash;
}

async function grown(signing: Signing, { tree, entries, root }: Growing): Promise<Hash> {
  const span = { from: tree.size, to: tree.size + entries.length };
  const atSize = assertRootsAsSigned(await signedRoots(signing.pool, span));
  const growth = await tree.grow(entries, atSize);
  await storeGrowth(signing, growth, root);
  return growth.root;
}
