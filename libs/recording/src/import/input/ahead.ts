import type { SpooledText, Spool } from './spool.js';

/** So much that nobody has asked for yet is kept in memory; the rest goes to the spool. */
const KEPT_BYTES = 1 << 20;

/** What came and was not asked for yet. */
type Waiting = Uint8Array | SpooledText;

/**
 * The same bytes, read from their source as fast as they come, however long whoever asks for them takes with each part:
 * so it shows at once that the source ends or that its sender is gone, and what is left of it is not worked on.
 *
 * Fails with the source, even while parts that came before wait. To be read to its end, or ended by `return`.
 */
export async function* readAhead(chunks: AsyncIterable<Uint8Array>, spool: Spool): AsyncGenerator<Uint8Array> {
  const reading = new Reading(spool);
  // What it fails with is raised where the next part is asked for.
  const read = reading.readAll(chunks);
  try {
    for (let part = await reading.next(); part; part = await reading.next()) yield part;
    await read;
  } finally {
    reading.end();
  }
}

/** A source that is being read. */
class Reading {
  readonly #waiting: Waiting[] = [];
  #keptBytes = 0;
  #failure: { readonly error: unknown } | undefined;
  #isRead = false;
  #isEnded = false;
  #wake: () => void = () => undefined;

  constructor(private readonly spool: Spool) {}

  async readAll(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of chunks) {
        if (this.#isEnded) return;
        await this.#keep(chunk);
        this.#wake();
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#isRead = true;
      this.#wake();
    }
  }

  /** The next part, once it is there; undefined after the last one. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const part = this.#waiting.shift();
      if (part) return this.#bytesOf(part);
      if (this.#isRead) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Nobody asks for more: reading ends with the next chunk. */
  end(): void {
    this.#isEnded = true;
  }

  async #keep(chunk: Uint8Array): Promise<void> {
    if (this.#keptBytes + chunk.length > KEPT_BYTES) {
      this.#waiting.push(await this.spool.add(Buffer.from(chunk)));
      return;
    }
    this.#keptBytes += chunk.length;
    // A copy: the sender may use its buffer again.
    this.#waiting.push(Buffer.from(chunk));
  }

  async #bytesOf(part: Waiting): Promise<Uint8Array> {
    if (!(part instanceof Uint8Array)) return this.spool.readBytes(part);
    this.#keptBytes -= part.length;
    return part;
  }
}
