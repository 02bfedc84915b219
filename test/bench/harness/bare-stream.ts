import { type ClientRequest, type IncomingMessage, get } from 'node:http';

/** The least that a client of a stream can do: notes when which position came. */
export class BareStream {
  readonly positions: number[] = [];
  /** When each came, in milliseconds; only where it is asked for. */
  readonly times: Map<number, number> = new Map();
  isCaughtUp = false;
  #text = '';
  #response: IncomingMessage | undefined;
  readonly #request: ClientRequest;

  constructor(
    url: string,
    private readonly options: { readonly timed?: boolean; readonly reads?: boolean } = {},
  ) {
    this.#request = get(url, { agent: false }, (response) => {
      this.#response = response;
      response.setEncoding('latin1');
      if (options.reads === false) return;
      response.on('data', (piece: string) => this.#read(piece));
    });
    this.#request.on('error', () => undefined);
  }

  close(): void {
    this.#request.destroy();
  }

  /** Begins to read where it did not. */
  read(): void {
    this.#response?.on('data', (piece: string) => this.#read(piece));
  }

  #read(piece: string): void {
    this.#text += piece;
    const end = this.#text.lastIndexOf('\n\n');
    if (end < 0) return;
    const now = performance.now();
    for (const [, id, event] of this.#text.slice(0, end).matchAll(/id: (\d+)\n(?:retry: \d+\n)?event: ([a-z-]+)\n/g)) {
      if (event === 'caught-up') this.isCaughtUp = true;
      if (event !== 'event') continue;
      this.positions.push(Number(id));
      if (this.options.timed) this.times.set(Number(id), now);
    }
    this.#text = this.#text.slice(end + 2);
  }
}
