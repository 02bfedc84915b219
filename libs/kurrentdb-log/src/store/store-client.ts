import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { LogUnavailableError } from '#event-log/adapter';
import { StoreSilentError, isNotLeader, toStoreFault } from './store-faults.js';

/** Loads the client's package when a log is first kept in a store: a process without one need not load it. */
export const clientPackage = () => import('@kurrent/kurrentdb-client');

/** A client of a store. The connection is made by the first call. */
export async function connect(url: string): Promise<KurrentDBClient> {
  const { KurrentDBClient: Client } = await clientPackage();
  return Client.connectionString(url);
}

/** Ends a client. What it has under way fails, which whoever waits for it hears of. */
export const discard = (client: Promise<KurrentDBClient>): void => {
  void client
    .then(async (one) => {
      await one.dispose();
      // Else the connection stays until the process ends.
      (await one['getChannel']()).close();
    })
    .catch(() => undefined);
};

/** The result of a call; given up when it takes longer than the limit, since a silent server would never end it. */
export async function limitTime<Result>(what: string, limitMs: number, call: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StoreSilentError(what, limitMs)), limitMs);
  });
  try {
    return await Promise.race([call, silence]);
  } finally {
    clearTimeout(timer);
    call.catch(() => undefined);
  }
}

/**
 * One client for many calls, put away and replaced when the store could not be reached.
 *
 * The client follows a change of leader by itself; from a server that went silent it would not come back.
 */
export class StoreClient {
  #client: Promise<KurrentDBClient> | undefined;

  constructor(private readonly url: string) {}

  async call<Result>(
    what: { readonly name: string; readonly limitMs: number },
    work: (client: KurrentDBClient) => Promise<Result>,
  ): Promise<Result> {
    const client = (this.#client ??= connect(this.url));
    try {
      return await limitTime(what.name, what.limitMs, client.then(work));
    } catch (error) {
      const fault = toStoreFault(error);
      if (fault instanceof LogUnavailableError && !isNotLeader(error)) this.#renew(client);
      throw error;
    }
  }

  close(): void {
    if (this.#client) discard(this.#client);
    this.#client = undefined;
  }

  #renew(failed: Promise<KurrentDBClient>): void {
    if (this.#client !== failed) return;
    this.#client = undefined;
    discard(failed);
  }
}
