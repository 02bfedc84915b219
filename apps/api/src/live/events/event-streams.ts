import { type EventLog, readStreamWhole } from '#event-log';
import { EventBatch, type EventSubscriber } from './event-subscriber.js';
import { type LogReader, ReadEntry } from './log-reader.js';
import { Semaphore } from '../semaphore.js';

/** A client that is behind is served pages of this many entries from the log. */
const PAGE = 100;

/** The most clients that read from the log at a time, so that connections are left for requests. */
const READING_AT_ONCE = 4;

/** Up to this many entries the events of one policy are searched in the log; further back, in the policy's stream. */
const LOOKED_THROUGH = 2_000;

type Log = Pick<EventLog, 'readAll' | 'readStream'>;

/** The subscribers of events: each is either sent new events directly, or catching up from the log. */
export class EventStreams {
  readonly #everything = new Map<EventSubscriber, () => void>();
  readonly #ofStream = new Map<string, Map<EventSubscriber, () => void>>();
  readonly #reading = new Semaphore(READING_AT_ONCE);
  #count = 0;

  constructor(
    private readonly log: Log,
    private readonly reader: LogReader,
    /** Called for each client that was moved back to catching up. */
    private readonly onBehind: () => void,
  ) {}

  /** Sends a client its events until its stream ends. */
  async follow(subscriber: EventSubscriber): Promise<void> {
    this.#count += 1;
    try {
      await this.reader.listen(this.#hand);
      while (subscriber.connection.isOpen) {
        await this.#live(subscriber);
        await subscriber.connection.waitUntilDrained();
      }
    } finally {
      this.#count -= 1;
      if (this.#count === 0) this.reader.leave(this.#hand);
    }
  }

  readonly #hand = (entries: readonly ReadEntry[]): void => {
    const all = new EventBatch(entries);
    for (const [subscriber, leave] of [...this.#everything]) if (!subscriber.send(all)) leave();
    for (const one of entries) {
      const concerned = this.#ofStream.get(one.entry.stream);
      if (!concerned) continue;
      const batch = new EventBatch([one]);
      for (const [subscriber, leave] of [...concerned]) if (!subscriber.send(batch)) leave();
    }
  };

  /** Lets a client catch up, then sends it new events until it falls behind. */
  async #live(subscriber: EventSubscriber): Promise<void> {
    const { connection } = subscriber;
    for (let recent = this.reader.since(subscriber.sent); recent?.length !== 0;) {
      if (!connection.isOpen) return;
      if (recent) await subscriber.sendSlowly(recent);
      else await this.#sendPages(subscriber);
      recent = this.reader.since(subscriber.sent);
    }
    // Nothing else runs between the check above and here, so no entry is missed.
    subscriber.sendCaughtUp();
    await this.#feed(subscriber);
  }

  /** Sends new events; resolves when the client has fallen behind or its stream has ended. */
  #feed(subscriber: EventSubscriber): Promise<void> {
    const { stream } = subscriber.wanted;
    const { closed } = subscriber.connection;
    const fed = stream === undefined ? this.#everything : this.#subscribersOf(stream);
    return new Promise((resolve) => {
      const leave = (): void => {
        closed.removeEventListener('abort', leave);
        fed.delete(subscriber);
        if (stream !== undefined && fed.size === 0) this.#ofStream.delete(stream);
        if (!closed.aborted) this.onBehind();
        resolve();
      };
      fed.set(subscriber, leave);
      closed.addEventListener('abort', leave);
      if (closed.aborted) leave();
    });
  }

  #subscribersOf(stream: string): Map<EventSubscriber, () => void> {
    const known = this.#ofStream.get(stream);
    if (known) return known;
    const fed = new Map<EventSubscriber, () => void>();
    this.#ofStream.set(stream, fed);
    return fed;
  }

  async #sendPages(subscriber: EventSubscriber): Promise<void> {
    const { stream } = subscriber.wanted;
    if (stream !== undefined && this.reader.position - subscriber.sent > LOOKED_THROUGH)
      return this.#sendStream(subscriber, stream);
    const entries = await this.#reading.run(() => this.log.readAll(subscriber.sent, PAGE));
    await subscriber.sendSlowly(entries.map((entry) => new ReadEntry(entry)));
  }

  /** Sends the events of one policy up to the reader's position, from the policy's stream. */
  async #sendStream(subscriber: EventSubscriber, stream: string): Promise<void> {
    const until = this.reader.position;
    const log: Pick<EventLog, 'readStream'> = {
      readStream: (name, page) => this.#reading.run(() => this.log.readStream(name, page)),
    };
    for await (const page of readStreamWhole(log, stream, { upTo: until, pageLimit: PAGE })) {
      await subscriber.sendSlowly(page.map((entry) => new ReadEntry(entry)));
      if (!subscriber.connection.isOpen) break;
    }
    subscriber.passTo(until);
  }
}
