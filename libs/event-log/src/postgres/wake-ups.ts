import type { Pool, PoolClient } from 'pg';
import { Announced } from './announced.js';
import { ANNOUNCEMENT_SECRET } from './announcements.sql.js';
import { CHANNEL } from './schema.sql.js';
import { storedSetting } from './settings.js';

/** How long a reader waits before it looks by itself: what a lost announcement costs at most. */
export const POLL_MS = 1000;

/**
 * Wakes readers when something was appended, here or in another process.
 *
 * Readers look into the log after {@link POLL_MS} in any case, so losing the connection loses time, not events.
 */
export class WakeUps {
  /** What the announcements told, for whoever they wake. */
  readonly announced = new Announced();
  readonly #waiting = new Set<() => void>();
  #client: PoolClient | undefined;
  #connecting = false;
  #closed = false;

  constructor(private readonly pool: Pool) {}

  /** Resolves at the next announcement, after the poll interval, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void> {
    void this.#listen();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, POLL_MS);
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }

  /** Wakes every reader. */
  wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  close(): void {
    this.#closed = true;
    this.wake();
    this.#client?.release(true);
    this.#client = undefined;
  }

  async #listen(): Promise<void> {
    if (this.#client || this.#connecting || this.#closed) return;
    this.#connecting = true;
    try {
      const client = await this.pool.connect();
      client.on('notification', ({ payload = '' }) => {
        this.announced.take(payload);
        this.wake();
      });
      client.on('error', () => this.#lost(client));
      client.on('end', () => this.#lost(client));
      this.#client = client;
      this.announced.begin(await storedSetting(client, ANNOUNCEMENT_SECRET));
      await client.query(`LISTEN ${CHANNEL}`);
      // What was appended before the database listened is announced to nobody: look once more.
      if (this.#closed) this.close();
      else this.wake();
    } catch {
      // Polling goes on; the next wait tries to listen again.
      if (this.#client) this.#lost(this.#client);
    } finally {
      this.#connecting = false;
    }
  }

  #lost(client: PoolClient): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    client.release(true);
  }
}
