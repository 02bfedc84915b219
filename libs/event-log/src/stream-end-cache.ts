const STREAMS_KEPT = 10_000;

/**
 * A cache of where streams end, as far as this process knows; it forgets the end first that was kept first.
 *
 * An end may be out of date where other processes append. That costs another plan, never a wrong append: the database
 * or the store checks what was expected.
 */
export class StreamEndCache<End> {
  readonly #ends = new Map<string, End>();

  get(stream: string): End | undefined {
    return this.#ends.get(stream);
  }

  /** Keeps the end of a stream; undefined for a stream without events, or whose end is not known. */
  keep(stream: string, end: End | undefined): void {
    this.#ends.delete(stream);
    if (end === undefined) return;
    this.#ends.set(stream, end);
    if (this.#ends.size <= STREAMS_KEPT) return;
    for (const oldest of this.#ends.keys()) {
      this.#ends.delete(oldest);
      break;
    }
  }

  clear(): void {
    this.#ends.clear();
  }
}
