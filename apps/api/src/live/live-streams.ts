import type { ServerResponse } from 'node:http';
import type { Instant, Position } from '#domain';
import type { EventLog } from '#event-log';
import type { Restatement, StateChanges } from '#projections';
import { StreamConnection } from './connection.js';
import { EventStreams } from './events/event-streams.js';
import { EventSubscriber, type StreamedEvents } from './events/event-subscriber.js';
import { PING, frameOf } from './frames.js';
import { LogReader } from './events/log-reader.js';
import { PatchFeeds } from './states/patch-feeds.js';
import { type PatchRequest, PatchStreams } from './states/patch-streams.js';
import { type NoPlace, type StreamLimits, StreamPlaces, type StreamStanding } from './stream-places.js';

/** Each stream is pinged this often; a part of them every second, so that not all are at once. */
const PING_EVERY_S = 15;
const PING_TICK_MS = 1_000;

/** The dependencies of the streams. */
export interface LiveNeeds {
  readonly log: EventLog;
  readonly states: StateChanges;
  readonly now: () => Instant;
  readonly limits: StreamLimits;
  /** Called on faults; clients reconnect the streams that a fault ends. */
  readonly onFault: (error: unknown) => void;
}

/** Why a stream cannot be opened. */
export type StreamRefusal = NoPlace | 'closing';

/** The content of a stream as a client requests it. */
export type WantedStream =
  | ({ readonly view: 'events'; readonly from: Position } & StreamedEvents)
  | ({ readonly view: 'patches' } & Omit<PatchRequest, 'connection'>);

/** All open streams of this process. */
export class LiveStreams {
  readonly #places: StreamPlaces;
  readonly #open = new Map<StreamConnection, WantedStream['view']>();
  readonly #pingGroups: readonly Set<StreamConnection>[] = Array.from({ length: PING_EVERY_S }, () => new Set());
  readonly #events: EventStreams;
  readonly #patches: PatchStreams;
  readonly #feeds: PatchFeeds;
  readonly #endTelling: () => void;
  #opened = 0;
  #fallenBehind = 0;
  #isClosing = false;
  #ticks = 0;
  #ticking: NodeJS.Timeout | undefined;

  constructor(private readonly needs: LiveNeeds) {
    const { log, states, now, limits, onFault } = needs;
    const onBehind = (): void => void (this.#fallenBehind += 1);
    const reader = new LogReader({ log, onFault: (error) => this.#fault(error) });
    this.#places = new StreamPlaces(limits);
    this.#events = new EventStreams(log, reader, onBehind);
    this.#feeds = new PatchFeeds({ states, log, reader, now, onTrouble: onFault });
    this.#patches = new PatchStreams({ states, feeds: this.#feeds, log, now, onBehind });
    this.#endTelling = states.onRestated((restatements) => this.#sendRestated(restatements));
  }

  /** The number of open streams, and how often one fell behind. */
  get counts(): { readonly events: number; readonly patches: number; readonly fallenBehind: number } {
    const patches = [...this.#open.values()].filter((view) => view === 'patches').length;
    return { events: this.#open.size - patches, patches, fallenBehind: this.#fallenBehind };
  }

  /** Takes a place for a client's stream; returns a function that gives it back, or the reason why none is free. */
  takePlace(client: string): (() => void) | StreamRefusal {
    return this.#isClosing ? 'closing' : this.#places.take(client);
  }

  /** What a client has of its limit of streams; undefined where it has none of its own. */
  standingOf(client: string): StreamStanding | undefined {
    return this.#places.standingOf(client);
  }

  /** Sends the requested content over a response whose head is sent, until either end closes it. */
  async run(response: ServerResponse, wanted: WantedStream): Promise<void> {
    const connection = new StreamConnection(response);
    this.#add(connection, wanted.view);
    try {
      if (wanted.view === 'patches') await this.#patches.follow({ ...wanted, connection });
      else await this.#events.follow(new EventSubscriber(connection, wanted, wanted.from));
    } catch (error) {
      this.needs.onFault(error);
    } finally {
      connection.end();
    }
  }

  /** Ends every stream, and opens no more. */
  close(): void {
    this.#isClosing = true;
    this.#endTelling();
    this.#endAll();
  }

  #add(connection: StreamConnection, view: WantedStream['view']): void {
    this.#opened += 1;
    const pinged = this.#pingGroups[this.#opened % PING_EVERY_S];
    this.#open.set(connection, view);
    pinged?.add(connection);
    connection.closed.addEventListener('abort', () => {
      this.#open.delete(connection);
      pinged?.delete(connection);
      if (this.#open.size > 0) return;
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    });
    if (this.#isClosing) connection.end();
    this.#ticking ??= setInterval(() => this.#ping(), PING_TICK_MS).unref();
  }

  #ping(): void {
    this.#ticks += 1;
    // A client that is behind has enough to read.
    for (const connection of this.#pingGroups[this.#ticks % PING_EVERY_S] ?? [])
      if (!connection.isBehind) connection.write(PING);
  }

  #sendRestated(restatements: readonly Restatement[]): void {
    for (const { projection } of restatements) {
      const frame = frameOf({
        kind: 'restated',
        data: { projection, position: this.needs.states.progress.position },
      });
      for (const connection of this.#open.keys()) connection.write(frame);
    }
    void this.#feeds.restate();
  }

  #fault(error: unknown): void {
    this.needs.onFault(error);
    this.#endAll();
  }

  #endAll(): void {
    for (const connection of this.#open.keys()) connection.end();
  }
}
