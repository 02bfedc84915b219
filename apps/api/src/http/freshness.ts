import { type Position, position } from '#domain';
import { Refused } from './refusal.js';

/** How long a read waits for the projections, at most. */
export const FRESHNESS_LIMIT_MS = 5_000;

/** What of the projections this needs. */
export interface ReadSide {
  /** Waits until the projections have applied the position, at most so long; answers the position they have reached. */
  waitFor(position: Position, timeoutMs: number): Promise<Position>;
}

/** Lets every read see what this process has acknowledged before it. */
export class Freshness {
  private acknowledgedPosition = position(0);
  private reachedPosition = position(0);

  constructor(private readonly readSide: ReadSide) {}

  /** The last position that somebody was told is recorded. */
  get acknowledgedUpTo(): Position {
    return this.acknowledgedPosition;
  }

  /** Notes that somebody has been told that everything up to this position is recorded. */
  acknowledged(latest: Position): void {
    if (latest > this.acknowledgedPosition) this.acknowledgedPosition = latest;
  }

  /**
   * Waits until reads see everything acknowledged here, and `atLeast` if given.
   *
   * After 5 s it goes on with what there is; only a position asked for in so many words is refused then.
   */
  async caughtUp(atLeast: Position | undefined): Promise<void> {
    const wanted = atLeast !== undefined && atLeast > this.acknowledgedPosition ? atLeast : this.acknowledgedPosition;
    if (wanted > this.reachedPosition) {
      this.reachedPosition = await this.readSide.waitFor(wanted, FRESHNESS_LIMIT_MS);
    }
    if (atLeast === undefined || this.reachedPosition >= atLeast) return;
    throw new Refused('not-caught-up', {
      detail: `The answers reach position ${this.reachedPosition}, not ${atLeast} yet. Try again.`,
      headers: { 'retry-after': '1' },
    });
  }
}
