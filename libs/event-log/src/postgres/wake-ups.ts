import type { Pool } from 'pg';
import { Listener } from '#postgres';
import { WaitingReaders } from '../waiting-readers.js';
import { CHANNEL } from './schema/schema.sql.js';

/** The time after which a reader looks into the log by itself: the cost of a lost announcement. */
export const POLL_MS = 1000;

/**
 * Wakes readers when something was appended, here or in another process.
 *
 * Readers look into the log after {@link POLL_MS} in any case, so losing the connection loses time, not events.
 */
export class WakeUps {
  readonly #readers = new WaitingReaders();
  readonly #listener: Listener;

  constructor(pool: Pool) {
    this.#listener = new Listener({ pool, channel: CHANNEL, onNotification: () => this.#readers.wake() });
  }

  /** Resolves at the next announcement, after the poll interval, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void> {
    void this.#listen();
    return this.#readers.next(signal, POLL_MS);
  }

  close(): void {
    this.#listener.close();
    this.#readers.wake();
  }

  async #listen(): Promise<void> {
    // Where it cannot listen, polling goes on; the next wait tries again.
    const isNew = await this.#listener.connect().catch(() => false);
    // What was appended before the database listened is announced to nobody: look once more.
    if (isNew) this.#readers.wake();
  }
}
