import { type Instant, type Position, position } from '#domain';
import type { EventLog } from '#event-log';
import { sleep } from '#postgres';
import { type StateChanges, type Viewpoint, goesWithClock } from '#projections';
import { type LogReader, ReadEntry } from '../events/log-reader.js';
import { PatchFeed } from './patch-feed.js';

/** Feeds move by at most so many entries at a time. */
const STEP = 200;

/** When states could not be looked up, it is tried again so much later. */
const RETRY_MS = 500;

interface Needs {
  readonly states: StateChanges;
  readonly log: Pick<EventLog, 'readAll'>;
  readonly reader: LogReader;
  readonly now: () => Instant;
  /** Told what failed and is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

interface Used {
  readonly feed: PatchFeed;
  users: number;
}

interface Waiting {
  readonly wanted: Position;
  readonly wake: () => void;
}

/** A feed for each viewpoint that somebody looks from, all moved together as far as the read models have come. */
export class PatchFeeds {
  readonly #feeds = new Map<string, Used>();
  readonly #waiting = new Set<Waiting>();
  #users = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #position = position(0);
  #stop = new AbortController();
  #starting: Promise<void> | undefined;

  constructor(private readonly needs: Needs) {}

  /** Lends the feed of a viewpoint, for as long as the work takes. */
  async withFeed(viewpoint: Viewpoint, work: (feed: PatchFeed) => Promise<void>): Promise<void> {
    this.#users += 1;
    try {
      await (this.#starting ??= this.#start());
      await this.#lendFeed(viewpoint, work);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#end();
    }
  }

  async #lendFeed(viewpoint: Viewpoint, work: (feed: PatchFeed) => Promise<void>): Promise<void> {
    const key = `${viewpoint.knownAt ?? ''}/${viewpoint.validAt ?? ''}`;
    // In turn, so that a feed begins where all the others stand.
    const used = await this.inTurn(async () => {
      const found = this.#feeds.get(key) ?? { feed: this.#createFeed(viewpoint), users: 0 };
      this.#feeds.set(key, found);
      found.users += 1;
      return found;
    });
    try {
      await work(used.feed);
    } finally {
      used.users -= 1;
      if (used.users === 0) {
        used.feed.close();
        this.#feeds.delete(key);
      }
    }
  }

  /** Does something while no feed moves. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Has every feed tell how states are now said to be. */
  async restate(): Promise<void> {
    const { signal } = this.#stop;
    for (const { feed } of [...this.#feeds.values()]) await this.#retryUntilDone(signal, () => feed.restate());
  }

  #createFeed(viewpoint: Viewpoint): PatchFeed {
    const { states, now } = this.needs;
    const instant = goesWithClock(viewpoint) ? now() : (viewpoint.knownAt ?? now());
    const { signal } = this.#stop;
    const feed: PatchFeed = new PatchFeed({
      states,
      viewpoint,
      shown: { position: this.#position, instant },
      onDue: () => void this.#retryUntilDone(signal, () => feed.advance(now())),
    });
    return feed;
  }

  #end(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#starting = undefined;
    this.needs.reader.leave(this.#ignoreEntries);
  }

  async #start(): Promise<void> {
    const { signal } = this.#stop;
    this.#position = this.needs.states.progress.position;
    await this.needs.reader.listen(this.#ignoreEntries);
    void this.#move(signal);
  }

  /** What is read is kept by the reader until the read models have it. */
  readonly #ignoreEntries = (): void => undefined;

  async #move(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.needs.states.beyond(this.#position, signal);
      if (!signal.aborted) await this.#retryUntilDone(signal, () => this.#step(signal));
    }
  }

  async #step(signal: AbortSignal): Promise<void> {
    const entries = await this.#entries();
    if (signal.aborted) return;
    for (const { feed } of [...this.#feeds.values()]) await feed.take(entries, this.needs.now());
    this.#position = entries.at(-1)?.position ?? this.#position;
    for (const { wanted, wake } of [...this.#waiting]) if (wanted <= this.#position) wake();
  }

  async #entries(): Promise<readonly ReadEntry[]> {
    const { states, reader, log } = this.needs;
    const after = this.#position;
    const waitUntilReached = states.progress.position;
    const limit = Math.min(STEP, waitUntilReached - after);
    if (limit <= 0) return [];
    const recent = reader.since(after)?.slice(0, limit) ?? [];
    return recent.length > 0 ? recent : (await log.readAll(after, limit)).map((entry) => new ReadEntry(entry));
  }

  /** Works in turn, again and again until it goes through: nothing is told before the last part of a step. */
  async #retryUntilDone(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    for (let isDone = false; !isDone && !signal.aborted;)
      isDone = await this.inTurn(work).then(
        () => true,
        async (error: unknown) => {
          this.needs.onTrouble(error);
          await sleep(RETRY_MS, signal);
          return false;
        },
      );
  }

  /** Waits until feeds have come to a position, or the signal aborts. */
  reached(wanted: Position, signal: AbortSignal): Promise<void> {
    if (this.#position >= wanted || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(waiting);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiting: Waiting = { wanted, wake };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', wake);
    });
  }
}
