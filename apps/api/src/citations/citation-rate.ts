const WINDOW_MS = 60_000;

/** Citations that one client may ask for in a minute: a footnote takes one, a scan of addresses many. */
const MOST_IN_A_WINDOW = 60;

/** How often each client asked for citations in this minute: anyone may, and each is kept for ever. */
export class CitationRate {
  #windowStart = Number.NEGATIVE_INFINITY;
  readonly #counts = new Map<string, number>();

  /** Counts a request; answers for how many seconds the client has to wait, 0 if it need not. */
  waitSecondsOf(client: string, nowMs: number): number {
    if (nowMs - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = nowMs;
      this.#counts.clear();
    }
    const count = (this.#counts.get(client) ?? 0) + 1;
    this.#counts.set(client, count);
    return count <= MOST_IN_A_WINDOW ? 0 : Math.ceil((this.#windowStart + WINDOW_MS - nowMs) / 1_000);
  }
}
