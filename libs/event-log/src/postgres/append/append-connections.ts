import type { Pool, PoolClient } from 'pg';
import { reportUnavailability } from '../unavailability.js';

/** The time limits of an append, so that none holds up the others for good. A pool with lower limits keeps its own. */
export const APPEND_LIMITS_MS = {
  statement_timeout: 30_000,
  /** The head is locked by one append at a time: how long another waits for its turn. */
  lock_timeout: 10_000,
  /** Appends that are made together hold the head from batch to batch. */
  idle_in_transaction_session_timeout: 60_000,
} as const;

const LIMIT = `SELECT set_config(l.name, l.ms::text, false) FROM unnest($1::text[], $2::integer[]) AS l(name, ms)
  WHERE current_setting(l.name)::interval NOT BETWEEN interval '1 ms' AND l.ms * interval '1 ms'`;

/**
 * The pool's connections, as appends use them.
 *
 * Tells of each connection that appends have not run on before: between the last one and this one the server may have
 * been restored, or another one have taken over, and gone back in time.
 */
export class AppendConnections {
  /** Connections keep their limits, whichever log of the pool uses them next. */
  static readonly #limited = new WeakSet<PoolClient>();
  readonly #known = new WeakSet<PoolClient>();

  constructor(
    private readonly pool: Pool,
    private readonly onNew: () => void,
  ) {}

  /** Does work on one connection. A connection on which the work failed is not used again. */
  async use<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await reportUnavailability(this.pool.connect());
    let fault: Error | undefined;
    const onLoss = (error: Error): void => {
      fault = error;
    };
    // Between two statements nobody else listens, and an error that nobody listens to ends the process.
    client.on('error', onLoss);
    try {
      await this.#meet(client);
      return await work(client);
    } catch (error) {
      fault ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      client.removeListener('error', onLoss);
      client.release(fault);
    }
  }

  async #meet(client: PoolClient): Promise<void> {
    if (this.#known.has(client)) return;
    this.onNew();
    if (!AppendConnections.#limited.has(client)) {
      const limits = [Object.keys(APPEND_LIMITS_MS), Object.values(APPEND_LIMITS_MS)];
      await reportUnavailability(client.query({ name: 'log-append-limits', text: LIMIT, values: limits }));
      AppendConnections.#limited.add(client);
    }
    this.#known.add(client);
  }
}
