import { setTimeout as delay } from 'node:timers/promises';
import { StreamClient, type StreamMessage } from './stream-client.js';

interface Options {
  /** The address now, for a server may come back under another; undefined while there is none. */
  readonly address: () => string | undefined;
  readonly path: string;
  /** How long the next connection lasts before it is cut off. */
  readonly nextCutMs: () => number;
  readonly onMessage: (message: StreamMessage) => void;
}

const RECONNECT_MS = 5;
const LOOK_AGAIN_MS = 5;

/** A client that is cut off again and again, and each time goes on from the last id that it read. */
export class ResumingClient {
  cuts = 0;
  lastId: string | undefined;
  #isStopping = false;
  #current: StreamClient | undefined;
  readonly #running: Promise<void>;

  constructor(private readonly options: Options) {
    this.#running = this.#run();
  }

  get path(): string {
    return this.options.path;
  }

  /** Connects once more, for good, and resolves when it has caught up. */
  async finish(): Promise<void> {
    this.#isStopping = true;
    this.#current?.cut();
    await this.#running;
    const client = this.#connect();
    await client.caughtUp();
    client.cut();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      if (this.options.address() === undefined) await delay(RECONNECT_MS);
      else await this.#connectOnce();
    }
  }

  async #connectOnce(): Promise<void> {
    const client = this.#connect();
    this.#current = client;
    const until = Date.now() + this.options.nextCutMs();
    while (!client.hasEnded && Date.now() < until) await delay(LOOK_AGAIN_MS);
    client.cut();
    this.cuts += 1;
    await delay(RECONNECT_MS);
  }

  #connect(): StreamClient {
    let isCurrent = true;
    const client: StreamClient = new StreamClient(`${this.options.address() ?? ''}${this.options.path}`, {
      headers: this.lastId === undefined ? {} : { 'last-event-id': this.lastId },
      onMessage: (message) => {
        // What arrives after the cut was not read.
        isCurrent = isCurrent && !client.hasEnded;
        if (!isCurrent) return;
        this.lastId = message.lastId ?? this.lastId;
        this.options.onMessage(message);
      },
    });
    return client;
  }
}
