import { type Instant, type Position, position } from '#domain';
import type { ReadSide } from '#projections';
import { Refusal } from './problems/refusal.js';

/** How long a read waits for the projections, at most. */
export const FRESHNESS_LIMIT_MS = 5_000;

/**
 * How long a read of one policy waits, at most, for what is about others alone.
 *
 * An awaited event is applied within some tens of milliseconds, so this is enough for a write, while a backlog would not
 * be worked off in twice the time either. It leaves room for the answer itself below half a second.
 */
const OTHERS_LIMIT_MS = 200;

/** Makes every read see all writes that this process has acknowledged before it. */
export class Freshness {
  private acknowledgedPosition = position(0);
  private reachedPosition = position(0);
  /** The last position acknowledged about each policy, by each of its names, of those that reads may not have reached. */
  private readonly ofPolicy = new Map<string, Position>();
  /** The last position acknowledged that may be about any. */
  private ofAny = position(0);

  constructor(
    private readonly readSide: Pick<ReadSide, 'waitFor'> & { readonly restatements: { readonly last: Instant } },
  ) {}

  /** When read models were last replaced by ones with other results, so that earlier answers may read differently. */
  get restatedAt(): Instant {
    return this.readSide.restatements.last;
  }

  /** The last position that was acknowledged to a client. */
  get acknowledgedUpTo(): Position {
    return this.acknowledgedPosition;
  }

  /** Notes that everything up to this position was acknowledged; without names it may be about any policy. */
  noteAcknowledged(latest: Position, policies?: readonly string[]): void {
    this.acknowledgedPosition = later(latest, this.acknowledgedPosition);
    if (!policies) this.ofAny = later(latest, this.ofAny);
    for (const policy of policies ?? []) this.ofPolicy.set(policy, later(latest, this.ofPolicy.get(policy) ?? latest));
  }

  /**
   * Waits until reads see everything acknowledged here, and `atLeast` if given.
   *
   * After 5 s the read continues with what there is; only a missing `atLeast` is refused. A read of one policy waits that
   * long for events about that policy only, and much less for all others.
   */
  async waitUntilCaughtUp(atLeast: Position | undefined, policy?: string): Promise<void> {
    const own =
      policy === undefined ? this.acknowledgedPosition : later(this.ofPolicy.get(policy) ?? position(0), this.ofAny);
    await this.#waitFor(later(own, atLeast ?? own), FRESHNESS_LIMIT_MS);
    await this.#waitFor(this.acknowledgedPosition, OTHERS_LIMIT_MS);
    if (atLeast === undefined || this.reachedPosition >= atLeast) return;
    throw new Refusal('not-caught-up', {
      detail: `The read models have reached position ${this.reachedPosition}, not ${atLeast} yet. Try again.`,
      headers: { 'retry-after': '1' },
    });
  }

  async #waitFor(wanted: Position, limitMs: number): Promise<void> {
    if (wanted <= this.reachedPosition) return;
    this.reachedPosition = await this.readSide.waitFor(wanted, limitMs);
    for (const [policy, latest] of this.ofPolicy) if (latest <= this.reachedPosition) this.ofPolicy.delete(policy);
  }
}

const later = (one: Position, other: Position): Position => (one > other ? one : other);
