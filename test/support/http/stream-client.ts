import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, get } from 'node:http';
import { eventually } from '../eventually.js';

/** A message as a client of Server-Sent Events reads it. */
export interface StreamMessage {
  readonly event: string;
  /** The last id that was sent, with this message or before. */
  readonly lastId: string | undefined;
  /** The id of this very message. */
  readonly id: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One connection to a stream. Written for tests: it reads the bytes itself, and can be cut off anywhere. */
export class StreamClient {
  readonly messages: StreamMessage[] = [];
  pings = 0;
  status: number | undefined;
  headers: IncomingHttpHeaders = {};
  hasEnded = false;
  /** True when the other end closed in good order. */
  isComplete = false;
  lastId: string | undefined;
  readonly #request: ClientRequest;
  #response: IncomingMessage | undefined;
  #text = '';

  constructor(
    url: string,
    {
      headers = {},
      onMessage,
    }: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly onMessage?: (message: StreamMessage) => void;
    } = {},
  ) {
    this.#request = get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false }, (response) => {
      this.status = response.statusCode;
      this.headers = response.headers;
      this.#response = response;
      response.setEncoding('utf8');
      response.on('data', (piece: string) => this.#read(piece, onMessage));
      response.on('close', () => {
        this.isComplete = response.complete;
        this.hasEnded = true;
      });
      response.on('error', () => (this.hasEnded = true));
    });
    this.#request.on('error', () => (this.hasEnded = true));
  }

  /** Takes nothing more, and leaves the connection open. */
  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  /** Breaks the connection off. */
  cut(): void {
    this.#request.destroy();
    this.hasEnded = true;
  }

  of(event: string): readonly StreamMessage[] {
    return this.messages.filter((message) => message.event === event);
  }

  /** Waits for as many messages of a kind. */
  async has(event: string, count: number): Promise<readonly StreamMessage[]> {
    await eventually(`${count} × ${event}, there are ${this.of(event).length}`, () => {
      if (this.hasEnded && this.of(event).length < count)
        throw new Error(`The stream ended with ${this.of(event).length} × ${event}; status ${this.status}.`);
      return this.of(event).length >= count;
    });
    return this.of(event);
  }

  async caughtUp(): Promise<this> {
    await this.has('caught-up', 1);
    return this;
  }

  #read(piece: string, onMessage: ((message: StreamMessage) => void) | undefined): void {
    this.#text += piece;
    for (let end = this.#text.indexOf('\n\n'); end >= 0; end = this.#text.indexOf('\n\n')) {
      const block = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 2);
      const fields = block.split('\n').map((line) => /^([^:]*): ?(.*)$/.exec(line) ?? []);
      const valueOf = (name: string): string | undefined => fields.find(([, field]) => field === name)?.[2];
      if (valueOf('') !== undefined) this.pings += 1;
      const [id, data] = [valueOf('id'), valueOf('data')];
      if (id !== undefined) this.lastId = id;
      if (data === undefined) continue;
      const message = { event: valueOf('event') ?? 'message', id, lastId: this.lastId, data: JSON.parse(data) };
      this.messages.push(message);
      onMessage?.(message);
    }
  }
}
