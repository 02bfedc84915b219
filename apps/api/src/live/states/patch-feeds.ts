import { type Instant, type Position, position } from '#domain';
import type { EventLog } from '#event-log';
import { sleep } from '#postgres';
import { type StateChanges, type Viewpoint, goesWithClock } from '#projections';
import { type LogReader, ReadEntry } from '../events/log-reader.js';
import { PatchFeed } from './patch-feed.js';

/** The most entries by which feeds advance at a time. */
const STEP = 200;

/** The pause before a retry after states could not be read. */
const RETRY_MS = 500;

interface Needs {
  readonly states: StateChanges;
  readonly log: Pick<EventLog, 'readAll'>;
  readonly reader: LogReader;
  readonly now: () => Instant;
  /** Called with the error before a retry. */
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

/** The feeds of all viewpoints in use, which advance together as far as the read models have. */
export class PatchFeeds {
  readonly #feeds = new Map<string, Used>();
  readonly #waiting = new Set<Waiting>();
  #users = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #position = position(0);
  #stop = new AbortController();
  #starting: Promise<void> | undefined;

  constructor(private readonly needs: Needs) {}

  /** Runs work with the feed of a viewpoint, which exists as long as it has users. */
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
    // In turn, so that a new feed starts at the position of all others.
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

  /** Runs work while no feed advances. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Makes every feed send the differences after a rebuild. */
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

  /** The reader keeps entries until the read models have applied them; nothing to do here. */
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
    const reachedPosition = states.progress.position;
    const limit = Math.min(STEP, reachedPosition - after);
    if (limit <= 0) return [];
    const recent = reader.since(after)?.slice(0, limit) ?? [];
    return recent.length > 0 ? recent : (await log.readAll(after, limit)).map((entry) => new ReadEntry(entry));
  }

  /** Runs work in turn and retries until it succeeds: a step sends nothing before its last part. */
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

  /** Waits until the feeds have reached a position, or the signal aborts. */
  waitUntilReached(wanted: Position, signal: AbortSignal): Promise<void> {
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
