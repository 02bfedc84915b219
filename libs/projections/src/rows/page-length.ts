/**
 * The items of a page are together about so long at most, in characters of JSON: an answer may have 32 MiB, and a
 * character takes up to three bytes.
 */
const PAGE_LENGTH = 8 * 1024 * 1024;

/** How long a page is so far, which ends early where its items are long. */
export class PageLength {
  #length = 0;
  #items = 0;

  /** As long as is usual unless told. */
  constructor(private readonly most = PAGE_LENGTH) {}

  /** Adds an item where there is room for it; the first one always finds some. */
  takes(item: unknown): boolean {
    const length = (JSON.stringify(item) ?? '').length;
    if (this.#items > 0 && this.#length + length > this.most) return false;
    this.#length += length;
    this.#items += 1;
    return true;
  }

  /** How many more items may be read at once: about as many as there is room for, if they are like those so far. */
  roomFor(wanted: number): number {
    const usual = this.#items === 0 ? 1 : this.#length / this.#items;
    return Math.max(1, Math.min(wanted, Math.ceil((this.most - this.#length) / Math.max(usual, 1))));
  }
}
