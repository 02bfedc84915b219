import type { Pool, PoolClient } from 'pg';

/** The options of a {@link Listener}. */
export interface ListenOptions {
  readonly pool: Pool;
  /** A name of ours, not text from outside: it becomes part of a statement. */
  readonly channel: string;
  readonly onNotification: (payload: string) => void;
}

/**
 * Listens to a channel on one connection of its own.
 *
 * A connection that is lost is given up; the next {@link connect} makes another. What is sent in between is not heard,
 * so whoever listens looks for itself now and then, and after each new connection.
 */
export class Listener {
  #client: PoolClient | undefined;
  #connecting: Promise<boolean> | undefined;
  #closed = false;

  constructor(private readonly options: ListenOptions) {}

  /**
   * Connects where there is no connection; false where there is one already, or the listener is closed.
   *
   * `prepare` runs on a new connection before it listens. Throws when the connection cannot be made or prepared.
   */
  connect(prepare?: (client: PoolClient) => Promise<void>): Promise<boolean> {
    if (this.#client || this.#closed) return this.#connecting ?? Promise.resolve(false);
    this.#connecting ??= this.#connect(prepare).finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  /** Ends the connection, and makes no other. */
  close(): void {
    this.#closed = true;
    if (this.#client) this.#giveUp(this.#client);
  }

  async #connect(prepare?: (client: PoolClient) => Promise<void>): Promise<boolean> {
    const client = await this.options.pool.connect();
    this.#client = client;
    const onLoss = (): void => this.#giveUp(client);
    client.on('error', onLoss);
    client.on('end', onLoss);
    client.on('notification', ({ payload = '' }) => this.options.onNotification(payload));
    try {
      await prepare?.(client);
      await client.query(`LISTEN ${this.options.channel}`);
    } catch (error) {
      onLoss();
      throw error;
    }
    if (this.#closed) onLoss();
    return !this.#closed;
  }

  #giveUp(client: PoolClient): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    client.release(true);
  }
}
