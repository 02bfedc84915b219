/** Limits on the number of open streams. */
export interface StreamLimits {
  readonly inAll: number;
  /** The limit for a client; undefined: none. */
  readonly perClient: (client: string) => number | undefined;
}

/** The limit that a further stream would exceed. */
export type NoPlace = 'in-all' | 'of-client';

/** What a client has of its limit. */
export interface StreamStanding {
  readonly limit: number;
  readonly remaining: number;
}

/** Counts the open streams against the limits. */
export class StreamPlaces {
  readonly #ofClient = new Map<string, number>();
  #count = 0;

  constructor(private readonly limits: StreamLimits) {}

  get count(): number {
    return this.#count;
  }

  /** How many streams a client may have, and how many more it can open; undefined where it has no limit of its own. */
  standingOf(client: string): StreamStanding | undefined {
    const limit = this.limits.perClient(client);
    return limit === undefined
      ? undefined
      : { limit, remaining: Math.max(0, limit - (this.#ofClient.get(client) ?? 0)) };
  }

  /** Takes a place; returns a function that gives it back, or the limit that is reached. */
  take(client: string): (() => void) | NoPlace {
    const ofClient = this.#ofClient.get(client) ?? 0;
    if (this.#count >= this.limits.inAll) return 'in-all';
    if (ofClient >= (this.limits.perClient(client) ?? Infinity)) return 'of-client';
    this.#count += 1;
    this.#ofClient.set(client, ofClient + 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#leave(client);
      isTaken = false;
    };
  }

  #leave(client: string): void {
    this.#count -= 1;
    const left = (this.#ofClient.get(client) ?? 1) - 1;
    if (left === 0) this.#ofClient.delete(client);
    else this.#ofClient.set(client, left);
  }
}
