import type { Pool, PoolClient } from 'pg';
import { orUnavailable } from './connection-fault.js';

/**
 * The pool's connections, as appends use them.
 *
 * Tells of each connection that appends have not run on before: between the last one and this one the server may have
 * been restored, or another one have taken over, and gone back in time.
 */
export class AppendConnections {
  readonly #known = new WeakSet<PoolClient>();

  constructor(
    private readonly pool: Pool,
    private readonly onNew: () => void,
  ) {}

  /** Does work on one connection. A connection on which the work failed is not used again. */
  async use<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await orUnavailable(this.pool.connect());
    let fault: Error | undefined;
    const onLoss = (error: Error): void => {
      fault = error;
    };
    // Between two statements nobody else listens, and an error that nobody listens to ends the process.
    client.on('error', onLoss);
    try {
      this.#meet(client);
      return await work(client);
    } catch (error) {
      fault ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      client.removeListener('error', onLoss);
      client.release(fault);
    }
  }

  #meet(client: PoolClient): void {
    if (this.#known.has(client)) return;
    this.onNew();
    this.#known.add(client);
  }
}
