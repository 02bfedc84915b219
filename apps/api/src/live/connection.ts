import type { ServerResponse } from 'node:http';

/** A reader may be behind by this much before it is no longer fed with what is new. */
const BEHIND_BYTES = 256 * 1024;

/** A reader that takes nothing for so long is disconnected: its place may be another's. */
const STALLED_LIMIT_MS = 300_000;

/** One open stream to one client. Whoever writes to it looks first whether the reader keeps up. */
export class StreamConnection {
  readonly #closed = new AbortController();

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => this.#closed.abort());
    // What cannot be written is noticed by the close that follows.
    response.on('error', () => undefined);
  }

  /** Aborts when the stream has ended, whichever end ended it. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  get isOpen(): boolean {
    return !this.#closed.signal.aborted && !this.response.writableEnded;
  }

  /** True while more waits to be taken than a reader that keeps up would leave. */
  get isBehind(): boolean {
    return this.response.writableLength > BEHIND_BYTES;
  }

  /** Writes; false when the reader has to take something before more is sent. */
  write(bytes: Buffer): boolean {
    return this.isOpen && this.response.write(bytes);
  }

  /** Resolves when the reader has taken everything, or the stream has ended; ends one whose reader takes nothing. */
  waitUntilDrained(): Promise<void> {
    if (!this.isOpen || !this.response.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const stalled = setTimeout(() => this.response.destroy(), STALLED_LIMIT_MS).unref();
      const done = (): void => {
        clearTimeout(stalled);
        this.response.off('drain', done);
        this.closed.removeEventListener('abort', done);
        resolve();
      };
      this.response.on('drain', done);
      this.closed.addEventListener('abort', done);
    });
  }

  /** Ends the stream in good order. */
  end(): void {
    if (this.isOpen) this.response.end();
  }
}
