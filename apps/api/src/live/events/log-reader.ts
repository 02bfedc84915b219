import { type Position, type RecordedEvent, REGISTERED, fromStored, position } from '#domain';
import { DISREGARDED, type EventLog, type LogEntry } from '#event-log';
import { cloudEventOf } from './cloud-event.js';
import { frameOf } from '../frames.js';

const NO_EVENTS: ReadonlySet<string> = new Set([REGISTERED, DISREGARDED]);

/** An entry of the log for subscribers; its message and event are computed once for all of them. */
export class ReadEntry {
  #frame: Buffer | undefined;
  #frameWithRecorder: Buffer | undefined;
  #event: RecordedEvent | undefined;

  constructor(readonly entry: LogEntry) {}

  get position(): Position {
    return position(this.entry.position);
  }

  /** The encoded message; it may say who recorded the event. */
  frameFor({ namesRecorders }: { readonly namesRecorders: boolean }): Buffer {
    if (namesRecorders && this.entry.by !== undefined) return (this.#frameWithRecorder ??= this.#encode(true));
    return (this.#frame ??= this.#encode(false));
  }

  #encode(namesRecorder: boolean): Buffer {
    const id = String(this.entry.position);
    return frameOf({ kind: 'event', id, data: cloudEventOf(this.entry, namesRecorder) });
  }

  /** The event; undefined for the registration of a policy, and for what the log disregards. */
  get event(): RecordedEvent | undefined {
    return NO_EVENTS.has(this.entry.type) ? undefined : (this.#event ??= fromStored(this.entry));
  }
}

/** The most entries read at a time: the same as for the read models, so that new entries are read once for both. */
const BATCH = 500;

/** Limits of the newest entries kept for clients that are slightly behind. */
const KEPT_ENTRIES = 2_000;
const KEPT_CHARACTERS = 8_000_000;

interface Needs {
  readonly log: Pick<EventLog, 'head' | 'subscribe'>;
  /** Called if reading has ended because of a fault, not for lack of listeners. */
  readonly onFault: (error: unknown) => void;
}

/** The single reader of the log for all streams of this process; it reads while there are listeners. */
export class LogReader {
  readonly #listeners = new Set<(entries: readonly ReadEntry[]) => void>();
  #kept: ReadEntry[] = [];
  #characters = 0;
  #position = position(0);
  #starting: Promise<void> | undefined;
  #stop = new AbortController();

  constructor(private readonly needs: Needs) {}

  /** The position up to which everything was delivered. */
  get position(): Position {
    return this.#position;
  }

  /** Delivers what is recorded from now on; resolves when that has begun. */
  listen(listener: (entries: readonly ReadEntry[]) => void): Promise<void> {
    this.#listeners.add(listener);
    return (this.#starting ??= this.#start());
  }

  /** Removes a listener; reading ends with the last one. */
  leave(listener: (entries: readonly ReadEntry[]) => void): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.#end();
  }

  /** The delivered entries after a position; undefined if they reach further back than is kept. */
  since(after: Position): readonly ReadEntry[] | undefined {
    if (after >= this.#position) return [];
    const [first] = this.#kept;
    if (!first || first.position > after + 1) return undefined;
    return this.#kept.slice(after + 1 - first.position);
  }

  async #start(): Promise<void> {
    const stop = this.#stop;
    try {
      this.#position = position((await this.needs.log.head()).position);
    } catch (error) {
      this.#end();
      throw error;
    }
    void this.#read(stop);
  }

  async #read(stop: AbortController): Promise<void> {
    const { signal } = stop;
    try {
      for await (const entries of this.needs.log.subscribe(this.#position, { signal, batchLimit: BATCH })) {
        if (signal.aborted) return;
        this.#hand(entries.map((entry) => new ReadEntry(entry)));
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#end();
      this.needs.onFault(error);
    }
  }

  #hand(entries: readonly ReadEntry[]): void {
    this.#keep(entries);
    this.#position = entries.at(-1)?.position ?? this.#position;
    for (const listener of [...this.#listeners]) listener(entries);
  }

  #keep(entries: readonly ReadEntry[]): void {
    this.#kept.push(...entries);
    this.#characters += sizeOf(entries);
    let surplus = 0;
    for (const one of this.#kept) {
      if (this.#kept.length - surplus <= KEPT_ENTRIES && this.#characters <= KEPT_CHARACTERS) break;
      this.#characters -= one.entry.entry.length;
      surplus += 1;
    }
    if (surplus > 0) this.#kept = this.#kept.slice(surplus);
  }

  #end(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#starting = undefined;
    this.#kept = [];
    this.#characters = 0;
  }
}

const sizeOf = (entries: readonly ReadEntry[]): number =>
  entries.reduce((sum, { entry }) => sum + entry.entry.length, 0);
