import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { type EventLog, positionOf } from '#event-log';
import { isTransient, sleep, underLease } from '#postgres';
import { inSpan } from '#runtime/spans';
import type { SignerKey } from '../notes/signed-note.js';
import { clearAcceptance, readAcceptance } from '../anchor/acceptance.js';
import { type Anchor, AnchorMoved, type SignedTree, hasNewRollback } from '../anchor/anchor.js';
import { recordRollback } from '../anchor/rollback-event.js';
import { isSameTree } from '../notes/rollbacks.js';
import { RollbackError, type StoredTree, assertContinues, shortLogError } from './continuation.js';
import { ContradictionError } from './growing-tree.js';
import { SIGNER_LEASE_TICK_MS, releaseSignerLease, noteError, acquireSignerLease } from './lease.js';
import { GrowthSigner } from './growth-signer.js';
import { SignerSuperseded, loadTree } from './tree-store.js';

/** The dependencies of the signer. The caller closes all of them. */
export interface SignerNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly key: SignerKey;
  /** Keeps what was signed last. */
  readonly anchor: Anchor;
  /** Called with a sentence that an operator should know, though signing continues. */
  readonly onWarning: (message: string) => void;
  /** Called with the reason why nothing more is signed, once for each reason. */
  readonly onHalted: (error: Error) => void;
  /** Before a tree that contradicts the log is looked at again; three seconds unless given. */
  readonly haltedMs?: number;
}

/** Entries become leaves in batches of at most this many: 16 full tiles. */
const BATCH_LIMIT = 4_096;

/** The pause after a batch that is not full: at most four checkpoints a second, once the backlog is signed. */
const PACE_MS = 250;

/** Before what failed in passing is tried again. */
const RETRY_MS = 200;

const HALTED_MS = 3_000;

/**
 * Signs the log as it grows. Any number of processes may: one at a time does, and another takes over
 * when it is gone.
 *
 * Tiles, stream heads, position and checkpoint move in one transaction, guarded by compare-and-set on owner and old
 * position. Nothing is signed that does not continue the newest checkpoint kept beside the key. Where the log contradicts what was signed nothing more is signed, until it does not any more.
 */
export class CheckpointSigner {
  readonly #owner = randomUUID();
  #lastReason: string | undefined;
  #leads = false;
  /** The tree that the log does not continue, as an operator has accepted, until the first checkpoint that says so. */
  #released: SignedTree | undefined;

  constructor(private readonly needs: SignerNeeds) {}

  /** True while this process is the one that follows. */
  get leads(): boolean {
    return this.#leads;
  }

  /** Follows until the signal aborts, then releases the lease. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await sleep(await this.#signWhenFree(signal), signal);
  }

  /** Follows under the lease where it is free; answers how long to wait before the next time. */
  async #signWhenFree(signal: AbortSignal): Promise<number> {
    const { pool } = this.needs;
    const owner = this.#owner;
    const acquire = async (): Promise<boolean> => {
      this.#leads = await acquireSignerLease(pool, owner);
      return this.#leads;
    };
    try {
      await underLease(
        {
          take: async () => ((await acquire()) ? owner : undefined),
          renew: acquire,
          release: async () => {
            this.#leads = false;
            await releaseSignerLease(pool, owner);
          },
        },
        { signal, tickMs: SIGNER_LEASE_TICK_MS, work: (_owner, working) => this.#lead(working) },
      );
      return SIGNER_LEASE_TICK_MS;
    } catch (error) {
      return this.#waitAfter(error);
    }
  }

  /** Follows again and again, also where the tree goes no further for now, until the lease is lost. */
  async #lead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = await this.#signOnward(signal).then(
        () => 0,
        (error: unknown) => this.#waitAfter(error),
      );
      await sleep(waitMs, signal);
    }
  }

  /** Judges what ended the following; answers how long to wait before the next time. */
  async #waitAfter(error: unknown): Promise<number> {
    if (error instanceof SignerSuperseded || error instanceof AnchorMoved || isTransient(error)) return RETRY_MS;
    if (error instanceof RollbackError && (await this.#recordAcceptance(error.signed))) return 0;
    await this.#halt(error);
    return this.needs.haltedMs ?? HALTED_MS;
  }

  async #halt(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error : new Error(String(error));
    if (this.#lastReason !== reason.message) this.needs.onHalted(reason);
    this.#lastReason = reason.message;
    await noteError(this.needs.pool, this.#owner, reason.message).catch(() => undefined);
  }

  async #signOnward(signal: AbortSignal): Promise<void> {
    const { pool, log, key, anchor } = this.needs;
    const signing = { pool, key, owner: this.#owner, anchor };
    const kept = await anchor.newest();
    const released = this.#released && kept && isSameTree(this.#released, kept) ? kept : undefined;
    this.#released = released;
    const stored = await loadTree(signing, {
      recordedAtOf: (size) => log.recordedAtOf(positionOf(size)),
      released: [...(released ? [released] : []), ...(kept?.rollbacks ?? [])],
    });
    const bound = released !== undefined || isSuperseded(kept, stored) ? undefined : kept;
    const { position } = await log.head();
    assertReaches(position, stored.tree.size, bound);
    if (bound) await assertContinues(pool, stored.tree, bound);
    const growing = new GrowthSigner(signing, { stored, bound, released, kept: await this.#keep(stored, kept) });
    if (stored.tree.size === 0 && (kept === undefined || kept.size === 0)) await growing.signEmpty();
    // Where there is more to take, that it was signed shows that nothing is wrong any more, and not before.
    if (position === stored.tree.size) await this.#noteWell();
    const subscription = log.subscribe(positionOf(stored.tree.size), { signal, batchLimit: BATCH_LIMIT });
    for await (const entries of subscription) {
      if (signal.aborted) return;
      if (await inSpan('sign', () => growing.take(entries))) {
        this.#lastReason = undefined;
        await this.#clearAcceptance();
      }
      if (entries.length < BATCH_LIMIT) await sleep(PACE_MS, signal);
    }
  }

  /** Nothing keeps the tree from going on: what is wrong next is told, also where it was told before. */
  async #noteWell(): Promise<void> {
    this.#lastReason = undefined;
    await noteError(this.needs.pool, this.#owner, null);
  }

  /** Keeps the stored checkpoint where it is newer than the kept one: others sign too, and a file can be lost. */
  async #keep({ tree, checkpoint }: StoredTree, kept: SignedTree | undefined): Promise<SignedTree | undefined> {
    const isBeyond = checkpoint && (!kept || tree.size > kept.size || hasNewRollback(checkpoint, kept));
    if (!isBeyond || this.#released) return kept;
    if (!kept && tree.size > 0)
      this.needs.onWarning(
        `No checkpoint was kept beside the key in ${this.needs.anchor.file}. The stored one over ${tree.size} entries is taken on trust, and kept there from now on.`,
      );
    await this.needs.anchor.keep(checkpoint, kept);
    return checkpoint;
  }

  /** True when an operator has accepted that the log does not continue a tree; then that is on record. */
  async #recordAcceptance(signed: SignedTree): Promise<boolean> {
    try {
      const acceptance = await readAcceptance(this.needs.anchor.file);
      if (!acceptance || !isSameTree(acceptance, signed)) return false;
      await recordRollback(this.needs.log, acceptance);
      this.#released = signed;
      return true;
    } catch (error) {
      if (isTransient(error)) return false;
      await this.#halt(error);
      return false;
    }
  }

  /** An acceptance that stayed would count for a rollback that nobody has seen yet. */
  async #clearAcceptance(): Promise<void> {
    const { anchor, onWarning } = this.needs;
    if ((await readAcceptance(anchor.file).catch(() => undefined)) === undefined) return;
    if (!this.#released) onWarning('A rollback was accepted, and there was none: the log continues what was signed.');
    this.#released = undefined;
    await clearAcceptance(anchor.file);
  }
}

function assertReaches(position: number, size: number, bound: SignedTree | undefined): void {
  if (bound && position < bound.size) throw shortLogError(position, bound);
  if (position < size)
    throw new ContradictionError(`The log ends at position ${position}, and was signed up to ${size}.`);
}

/** True where the stored checkpoint says of a rollback that what is kept does not know of: another process took it up. */
const isSuperseded = (kept: SignedTree | undefined, { checkpoint }: StoredTree): boolean =>
  kept !== undefined && checkpoint !== undefined && hasNewRollback(checkpoint, kept);
