import type { ServerResponse } from 'node:http';

/** A client that has this many unread bytes is no longer sent new messages directly. */
const BEHIND_BYTES = 256 * 1024;

/** A client that reads nothing for this time is disconnected, to free its place. */
const STALLED_LIMIT_MS = 300_000;

/** One open stream to one client. Writers check first whether the client keeps up. */
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

  /** True while the client has more unread bytes than one that keeps up would have. */
  get isBehind(): boolean {
    return this.response.writableLength > BEHIND_BYTES;
  }

  /** Writes; false if the client has to read before more is sent. */
  write(bytes: Buffer): boolean {
    return this.isOpen && this.response.write(bytes);
  }

  /** Resolves when the client has read everything or the stream has ended; ends the stream of a client that stops reading. */
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
