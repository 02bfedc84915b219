import { type ReadRecord, endsRequest, readRecord } from './mirror-draft.js';
import type { StorePosition, StoreSignal } from '../store/store.js';

/** Records are copied in batches of at most this many. */
export const BATCH_LIMIT = 1_000;

/** Records are read ahead up to this many: while batches are being written the next is fetched. */
const AHEAD_LIMIT = 2 * BATCH_LIMIT;

/**
 * After a batch of so many records, or of none, more are on their way: they gather for a while, since a batch costs more
 * than a record. Nobody waits for what the store has had for long: that gathers until a batch is full, or for longer.
 */
const MANY = 40;
const GATHER_MS = 10;
const GATHER_BEHIND_MS = 100;

/** The next records of the store, and the position that they end at. */
export interface FedBatch {
  readonly records: readonly ReadRecord[];
  readonly to: StorePosition;
}

/**
 * Reads a store ahead of its consumer, within a limit, and hands the records out in batches that end where a
 * request ends, so that a request is never judged by its half.
 */
export class SequencerFeed {
  #records: ReadRecord[] = [];
  #passed: StorePosition | undefined;
  /** The number of records in the last batch. */
  #handedOut = 0;
  /** True while the store still sends what it had when the subscription began. */
  #isBehind = true;
  #isOver = false;
  #isClosed = false;
  #failure: Error | undefined;
  #changed: (() => void) | undefined;
  #drained: (() => void) | undefined;
  readonly #reading: Promise<void>;

  constructor(signals: AsyncIterable<StoreSignal>) {
    this.#reading = this.#read(signals);
  }

  /** The next batch, once there is one; undefined at the end of the subscription. Throws the error that ended it. */
  async next(): Promise<FedBatch | undefined> {
    if (this.#handedOut >= MANY || this.#handedOut === 0) await this.#gather();
    for (;;) {
      const batch = this.#take();
      if (batch) return batch;
      if (this.#isOver) {
        await this.#reading;
        if (this.#failure) throw this.#failure;
        return undefined;
      }
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  /** Lets the reading end; nothing is handed out any more. */
  close(): void {
    this.#records = [];
    this.#isClosed = true;
    this.#drained?.();
  }

  /** Resolves when a batch is full, or no more is to be waited for. */
  async #gather(): Promise<void> {
    const wasBehind = this.#isBehind;
    const isEnough = (): boolean => this.#records.length >= BATCH_LIMIT || this.#isOver || this.#isBehind !== wasBehind;
    if (isEnough()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wasBehind ? GATHER_BEHIND_MS : GATHER_MS);
      this.#changed = () => {
        if (!isEnough()) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #read(signals: AsyncIterable<StoreSignal>): Promise<void> {
    try {
      for await (const signal of signals) {
        if (signal.kind === 'caught-up') this.#isBehind = false;
        else if (signal.kind === 'passed') this.#passed = signal.at;
        else {
          for (const record of signal.records) this.#records.push(readRecord(record));
          this.#passed = undefined;
        }
        this.#changed?.();
        if (this.#isClosed) return;
        if (this.#records.length >= AHEAD_LIMIT) await new Promise<void>((resolve) => (this.#drained = resolve));
      }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#isOver = true;
      this.#changed?.();
    }
  }

  #take(): FedBatch | undefined {
    const count = this.#countWholeRequests();
    const records = this.#records.slice(0, count);
    const last = records.at(-1);
    if (!last && (!this.#passed || this.#records.length > 0)) return undefined;
    this.#records = this.#records.slice(count);
    const to = this.#records.length === 0 && this.#passed ? this.#passed : last?.record.at;
    if (this.#records.length === 0) this.#passed = undefined;
    this.#drained?.();
    this.#handedOut = count;
    return to && { records, to };
  }

  /** The number of next records that make whole requests; of one that is longer than a batch, as many as there are. */
  #countWholeRequests(): number {
    const last = this.#records.slice(0, BATCH_LIMIT).findLastIndex(endsRequest);
    if (last >= 0) return last + 1;
    const end = this.#records.findIndex(endsRequest);
    if (end >= 0) return end + 1;
    return this.#records.length >= AHEAD_LIMIT ? this.#records.length : 0;
  }
}
