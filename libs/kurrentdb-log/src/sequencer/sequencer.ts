import type { Pool } from 'pg';
import { UNTIL_IT_SUCCEEDS, isTransient, retry, sleep, underLease } from '#postgres';
import { type MirrorAnswer, MirrorMismatchError, callMirror } from './mirror-call.js';
import { NOTHING_TAKEN, type TakenNames, draftsOf } from './mirror-draft.js';
import { BATCH_LIMIT, type FedBatch, SequencerFeed } from './sequencer-feed.js';
import {
  SEQUENCER_TICK_MS,
  type SequencerLease,
  acquireSequencer,
  releaseSequencer,
  renewSequencer,
} from './sequencer-lease.js';
import type { EventStore, StorePosition } from '../store/store.js';

/** The dependencies of a sequencer. All of them are the caller's to close. */
export interface SequencerNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  readonly store: Pick<EventStore, 'subscribeAll'>;
  /** Tells this process from all others, also from those before it. */
  readonly name: string;
  /** Called with each error after which work is tried again, then, with null, once it succeeded. */
  readonly onTrouble: (error: unknown) => void;
  /** Runs under each lease before anything is copied; what it throws ends the sequencer, unless it passes. */
  readonly prepare?: () => Promise<void>;
  /** Runs beside the copying, under the lease, until the signal aborts. */
  readonly runAlongside?: (signal: AbortSignal) => Promise<void>;
}

/** A batch, and when it may be copied. */
interface Turn {
  readonly batch: FedBatch;
  /** The position in the store at which the batch before it ends. */
  readonly after: StorePosition | undefined;
  /** Resolves to true once the batch before it is copied. */
  readonly earlier: Promise<boolean>;
  readonly signal: AbortSignal;
}

/** A batch of so many records is sent while the one before it is being copied; fewer wait, and gather. */
const EARLY_FROM = BATCH_LIMIT / 2;

/** A batch is drafted again where keys are taken, and once more where it was read before a loss. */
const DRAFTS_LIMIT = 4;

/**
 * Copies the store's events into the log while it has the lease, each at the position after the last, once for ever.
 *
 * Any number may run: one copies, the others wait, and take over within seconds of its death. A process that was
 * paused meanwhile cannot write, since each batch is copied only under the lease and from the position where the
 * one before it ended; a batch of which no answer came is sent again.
 */
export class Sequencer {
  constructor(private readonly needs: SequencerNeeds) {}

  /** Copies until the signal aborts, then releases the lease. Throws an error that no retry mends. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#retry(() => this.#workWhenFree(signal), signal);
      await sleep(SEQUENCER_TICK_MS, signal);
    }
  }

  /** Copies under the lease where it is free, until it is lost or the signal aborts. */
  #workWhenFree(signal: AbortSignal): Promise<boolean> {
    const { pool, name, onTrouble } = this.needs;
    return underLease<SequencerLease>(
      {
        take: () => acquireSequencer(pool, name),
        renew: (lease) => renewSequencer(pool, lease),
        release: (lease) => releaseSequencer(pool, lease),
      },
      { signal, tickMs: SEQUENCER_TICK_MS, onTrouble, work: (lease, working) => this.#work(lease, working) },
    );
  }

  async #work(lease: SequencerLease, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const working = AbortSignal.any([signal, ended.signal]);
    let beside: Promise<void> | undefined;
    try {
      await this.needs.prepare?.();
      beside = this.needs.runAlongside?.(working);
      await this.#follow(lease, working);
    } finally {
      ended.abort();
      await beside;
    }
  }

  async #follow(lease: SequencerLease, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const reading = AbortSignal.any([signal, ended.signal]);
    const feed = new SequencerFeed(
      this.needs.store.subscribeAll({
        ...(lease.copiedTo ? { after: lease.copiedTo } : {}),
        signal: reading,
        batchLimit: BATCH_LIMIT,
      }),
    );
    const stop = (): void => {
      ended.abort();
      feed.close();
    };
    let last = Promise.resolve(true);
    try {
      let after = lease.copiedTo;
      for (let batch = await feed.next(); batch && !signal.aborted; batch = await feed.next()) {
        if (batch.records.length < EARLY_FROM) await last;
        const earlier = last;
        last = this.#mirror(lease, { batch, after, earlier, signal });
        last.then((isCopied) => isCopied || stop(), stop);
        if (!(await earlier)) return;
        after = batch.to;
      }
    } finally {
      stop();
      await last;
    }
  }

  /**
   * Copies a batch once the one before it is copied; false when that never is, when another process has the lease by
   * now, or the signal aborted.
   *
   * It is sent before its turn, to be at hand when that comes. Nothing is copied out of turn: what was not is sent again.
   */
  async #mirror(lease: SequencerLease, { batch, after, earlier, signal }: Turn): Promise<boolean> {
    const call = async (taken: TakenNames): Promise<MirrorAnswer> =>
      callMirror(this.needs.pool, lease, { after, to: batch.to, drafts: draftsOf(batch.records, taken) });
    const sent = call(NOTHING_TAKEN).catch(() => undefined);
    if (!(await earlier)) return false;
    const early = await sent;
    if (early?.outcome === 'mirrored') return true;
    let taken = early?.outcome === 'taken' ? early.taken : NOTHING_TAKEN;
    for (let attempt = 0; attempt < DRAFTS_LIMIT; attempt += 1) {
      const known = taken;
      const answer = await this.#retry(() => call(known), signal);
      if (!answer || answer.outcome === 'taken-over') return false;
      if (answer.outcome === 'mirrored') return true;
      taken = mergeTaken(taken, answer.taken);
    }
    throw new MirrorMismatchError('What the log says of taken keys contradicts itself. Check its indexes.');
  }

  /** Undefined when the signal aborted before it went through. */
  async #retry<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result | undefined> {
    try {
      const { onTrouble } = this.needs;
      return await retry(work, { schedule: UNTIL_IT_SUCCEEDS, signal, onTrouble });
    } catch (error) {
      if (signal.aborted && isTransient(error)) return undefined;
      throw error;
    }
  }
}

const mergeTaken = (one: TakenNames, other: TakenNames): TakenNames => ({
  keys: [...one.keys, ...other.keys],
  ids: [...one.ids, ...other.ids],
  idempotencyKeys: [...one.idempotencyKeys, ...other.idempotencyKeys],
});
