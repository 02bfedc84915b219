/** So much may be used at once; what was used comes back evenly over the window. */
export interface Quota {
  /** Its name in answers, in letters and hyphens. */
  readonly name: string;
  readonly amount: number;
  readonly windowSeconds: number;
}

/** What a client has of a quota. */
export interface Standing {
  /** In whole units, 0 for a client that is in debt. */
  readonly remaining: number;
  /** Until all of it has come back. */
  readonly resetSeconds: number;
  /** Until what was asked for can be had; 0 if it was taken. */
  readonly waitSeconds: number;
}

interface Use {
  readonly units: number;
  readonly atMs: number;
}

/** So many clients are remembered; of more, those that asked longest ago are forgotten. */
const MOST_CLIENTS = 50_000;

const MILLISECONDS = 1_000;

/** How much each client has used of a quota. Remembers nothing of whoever has all of it. */
export class QuotaLedger {
  readonly #used = new Map<string, Use>();

  constructor(
    readonly quota: Quota,
    private readonly now: () => number,
    private readonly mostClients = MOST_CLIENTS,
  ) {}

  /** Takes what something costs, all or nothing. What costs more than there ever is takes all of it. */
  take(client: string, cost: number): Standing {
    const { amount } = this.quota;
    const wanted = Math.min(cost, amount);
    const used = this.#usedBy(client);
    const missing = used + wanted - amount;
    const isTaken = missing <= 0;
    // Whoever is refused has asked as well, and is not forgotten meanwhile.
    this.#keep(client, isTaken ? used + wanted : used);
    return isTaken ? this.#standing(used + wanted, 0) : this.#standing(used, this.#secondsFor(missing));
  }

  /** Adds what something has cost, once it is known: a client can come into debt, and then has to wait. */
  charge(client: string, cost: number): void {
    this.#keep(client, this.#usedBy(client) + cost);
  }

  #usedBy(client: string): number {
    const use = this.#used.get(client);
    if (use === undefined) return 0;
    const cameBack = ((this.now() - use.atMs) / MILLISECONDS) * (this.quota.amount / this.quota.windowSeconds);
    return Math.max(0, use.units - Math.max(0, cameBack));
  }

  #keep(client: string, units: number): void {
    // The map is in the order of use, so the first is whoever asked longest ago.
    this.#used.delete(client);
    const [oldest] = this.#used.keys();
    if (oldest !== undefined && this.#used.size >= this.mostClients) this.#used.delete(oldest);
    if (units > 0) this.#used.set(client, { units, atMs: this.now() });
  }

  #standing(used: number, waitSeconds: number): Standing {
    const remaining = Math.max(0, Math.floor(this.quota.amount - used));
    return { remaining, resetSeconds: this.#secondsFor(used), waitSeconds };
  }

  #secondsFor(units: number): number {
    return Math.ceil((units * this.quota.windowSeconds) / this.quota.amount);
  }
}

/** A quota in the field `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-09). */
export const policyField = ({ name, amount, windowSeconds }: Quota): string =>
  `"${name}";q=${amount};w=${windowSeconds}`;

/** What is left of it in the field `RateLimit`. */
export const standingField = ({ name }: Quota, { remaining, resetSeconds }: Standing): string =>
  `"${name}";r=${remaining};t=${resetSeconds}`;
