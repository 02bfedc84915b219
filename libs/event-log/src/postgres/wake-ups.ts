import type { Pool, PoolClient } from 'pg';
import { Listener } from '#postgres';
import { Announced } from './announced.js';
import { ANNOUNCEMENT_SECRET } from './announcements.sql.js';
import { CHANNEL } from './schema.sql.js';
import { readSetting } from './settings.js';

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
  readonly #listener: Listener;

  constructor(pool: Pool) {
    const onNotification = (payload: string): void => {
      this.announced.take(payload);
      this.wake();
    };
    this.#listener = new Listener({ pool, channel: CHANNEL, onNotification });
  }

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
    this.#listener.close();
    this.wake();
  }

  async #listen(): Promise<void> {
    const begin = async (client: PoolClient): Promise<void> =>
      this.announced.begin(await readSetting(client, ANNOUNCEMENT_SECRET));
    // Where it cannot listen, polling goes on; the next wait tries again.
    const isNew = await this.#listener.connect(begin).catch(() => false);
    // What was appended before the database listened is announced to nobody: look once more.
    if (isNew) this.wake();
  }
}
