import type { Pool } from 'pg';
import { type Instant, type Position, instant, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import { type Batch, TakenOver, foldBatch, writeBatch } from './batch.js';
import { PolicyLedgers } from './policy-ledgers.js';
import type { PolicyChange, Projection } from './projection.js';
import { completeIndexes, takeOver } from './read-schema.js';

/** New entries are taken in batches of at most this many. */
const LIVE_BATCH = 500;

/** While catching up, in batches of this many: fewer rows are then written only to be ended. */
const CATCH_UP_BATCH = 2000;

/** And of this many once the ledgers do not fit in memory: each is then rebuilt once for many entries. */
const CROWDED_BATCH = 20_000;

/** What fails is tried again after each of these waits; then the runner stops and says why. */
const RETRY_WAITS_MS = [50, 200, 1000, 3000, 10_000, 30_000];

/** How far the read models have come. */
export interface Progress {
  readonly position: Position;
  /** When that position was recorded; null before the first. */
  readonly recordedAt: Instant | null;
}

interface Needs {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly projections: readonly Projection[];
  /** Told what a batch changed, once it is committed and before anyone is told how far the read models have come. */
  readonly onCommitted: (changes: readonly PolicyChange[]) => void;
  /** Told what failed and will be tried again, then, with null, that it went through. */
  readonly onTrouble: (error: unknown) => void;
}

/** Where entries come from and what is done with them. */
interface Feed {
  readonly batches: (signal: AbortSignal) => AsyncIterable<readonly LogEntry[]>;
  readonly projections: readonly Projection[];
  readonly ledgers: PolicyLedgers;
  readonly signal: AbortSignal;
  readonly onWritten: (batch: Batch) => void;
}

/**
 * Brings the read models on, batch by batch: rows and positions in one transaction, so effects happen exactly once.
 *
 * Positions move only if they stand where this runner left them, and only for the newest runner (its epoch): a runner
 * that was overtaken rolls back and stops. An entry is never skipped. A batch is folded while the one before it is
 * being written.
 */
export class Runner {
  #progress: Progress = { position: position(0), recordedAt: null };
  #epoch = 0;
  readonly #ledgers: PolicyLedgers;

  constructor(private readonly needs: Needs) {
    this.#ledgers = new PolicyLedgers(needs.log);
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Takes over from any runner before, brings every read model to what is the log's head now, and completes indexes. */
  async prepare(signal: AbortSignal): Promise<void> {
    const { pool, log, projections } = this.needs;
    const { epoch, positions } = await takeOver(pool, projections);
    this.#epoch = epoch;
    const head = await log.head();
    const furthest = position(Math.max(0, ...positions.values()));
    if (furthest > head.position) throw logTooShort(head.position, furthest);
    await this.#bringLevel(positions, { to: furthest, signal });
    const recordedAt = await log.recordedAtOf(furthest);
    this.#progress = { position: furthest, recordedAt: recordedAt === undefined ? null : instant(recordedAt) };
    await this.#feed({
      batches: (running) =>
        this.#stretch({ from: furthest, to: head.position, signal: running, ledgers: this.#ledgers }),
      projections,
      ledgers: this.#ledgers,
      signal,
      onWritten: (batch) => this.#committed(batch),
    });
    await completeIndexes(pool, projections);
  }

  /** Applies what is appended, until the signal aborts; tells after each batch whether more is known to be waiting. */
  async run(signal: AbortSignal, onProgress: (progress: Progress, more: boolean) => void): Promise<void> {
    const after = this.#progress.position;
    await this.#feed({
      batches: (running) => this.needs.log.subscribe(after, { signal: running, batchLimit: LIVE_BATCH }),
      projections: this.needs.projections,
      ledgers: this.#ledgers,
      signal,
      onWritten: (batch) => {
        this.#committed(batch);
        onProgress(this.#progress, batch.size === LIVE_BATCH);
      },
    });
  }

  #committed({ changes, last }: Batch): void {
    this.needs.onCommitted(changes);
    this.#progress = last;
  }

  /** Read models of another version begin anew: the furthest behind go first, and take the next ones along. */
  async #bringLevel(
    positions: ReadonlyMap<string, Position>,
    { to, signal }: { to: Position; signal: AbortSignal },
  ): Promise<void> {
    const steps = [...new Set([...positions.values(), to])].sort((one, other) => one - other);
    for (const [index, from] of steps.entries()) {
      const next = steps[index + 1];
      if (next === undefined) return;
      const ledgers = new PolicyLedgers(this.needs.log);
      await this.#feed({
        batches: (running) => this.#stretch({ from, to: next, signal: running, ledgers }),
        projections: this.needs.projections.filter(({ name }) => (positions.get(name) ?? 0) <= from),
        ledgers,
        signal,
        onWritten: () => undefined,
      });
    }
  }

  async *#stretch({
    from,
    to,
    signal,
    ledgers,
  }: {
    from: Position;
    to: Position;
    signal: AbortSignal;
    ledgers: PolicyLedgers;
  }): AsyncGenerator<readonly LogEntry[]> {
    for (let reached = from; reached < to && !signal.aborted;) {
      const limit = Math.min(ledgers.isCrowded ? CROWDED_BATCH : CATCH_UP_BATCH, to - reached);
      const entries = await this.#retried(() => this.needs.log.readAll(reached, limit), signal);
      const last = entries.at(-1);
      if (!last) throw logTooShort(reached, to);
      yield entries;
      reached = position(last.position);
    }
  }

  async #feed({ batches, projections, ledgers, signal, onWritten }: Feed): Promise<void> {
    const failed = new AbortController();
    const running = AbortSignal.any([signal, failed.signal]);
    const owner = { names: projections.map(({ name }) => name), epoch: this.#epoch };
    let written: Promise<void> = Promise.resolve();
    try {
      for await (const entries of batches(running)) {
        const batch = await this.#retried(() => foldBatch(entries, { ledgers, projections }), running);
        await written;
        written = this.#retried(() => writeBatch(this.needs.pool, batch, owner), running).then(() => onWritten(batch));
        // Ends the wait for further entries; the error itself is raised below.
        written.catch(() => failed.abort());
      }
    } finally {
      await written;
    }
  }

  async #retried<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const result = await work();
        if (attempt > 0) this.needs.onTrouble(null);
        return result;
      } catch (error) {
        const waitMs = RETRY_WAITS_MS[attempt];
        if (waitMs === undefined || error instanceof TakenOver || signal.aborted) throw error;
        this.needs.onTrouble(error);
        await paused(waitMs, signal);
      }
    }
  }
}

const logTooShort = (head: Position, wanted: Position): Error =>
  new Error(
    `The read models hold position ${wanted}, and the log ends at ${head}. Is it the log that they were built from? To build them anew, empty the schema "read".`,
  );

/** Resolves after a time, or at once when the signal aborts. */
const paused = (waitMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, waitMs);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
