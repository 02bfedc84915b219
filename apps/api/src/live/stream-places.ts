/** Limits on the number of open streams. */
export interface StreamLimits {
  readonly inAll: number;
  /** The limit for a client; undefined: none. */
  readonly perClient: (client: string) => number | undefined;
}

/** The limit that a further stream would exceed. */
export type NoPlace = 'in-all' | 'of-client';

/** Counts the open streams against the limits. */
export class StreamPlaces {
  readonly #ofClient = new Map<string, number>();
  #count = 0;

  constructor(private readonly limits: StreamLimits) {}

  get count(): number {
    return this.#count;
  }

  /** Takes a place; returns a function that gives it back, or the limit that is reached. */
  take(address: string): (() => void) | NoPlace {
    const ofClient = this.#ofClient.get(address) ?? 0;
    if (this.#count >= this.limits.inAll) return 'in-all';
    if (ofClient >= (this.limits.perClient(address) ?? Infinity)) return 'of-client';
    this.#count += 1;
    this.#ofClient.set(address, ofClient + 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#leave(address);
      isTaken = false;
    };
  }

  #leave(address: string): void {
    this.#count -= 1;
    const left = (this.#ofClient.get(address) ?? 1) - 1;
    if (left === 0) this.#ofClient.delete(address);
    else this.#ofClient.set(address, left);
  }
}
