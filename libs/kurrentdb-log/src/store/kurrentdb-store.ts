import type {
  AllStreamResolvedEvent,
  AppendStreamState,
  EventData,
  KurrentDBClient,
  ResolvedEvent,
} from '@kurrent/kurrentdb-client';
import type { ExpectedRevision } from '#event-log/adapter';
import { StoreClient, clientPackage } from './store-client.js';
import { readActualRevision, isStreamNotFound, toStoreFault } from './store-faults.js';
import { STORE_LIMITS, type StoreLimits } from './store-limits.js';
import { toStoredRecord } from './store-records.js';
import { readLimits } from './stream-limits.js';
import { follow } from './subscription.js';
import type {
  EventStore,
  StoreAppend,
  StoreAppendOutcome,
  StoreEvent,
  StorePosition,
  StoreServerInfo,
  StoredRecord,
} from './store.js';

/** The prefix of the log's streams in a store that has others too. */
export const STREAM_PREFIX = 'policy_timeline-';

/** The first release that takes appends to several streams. */
const APPENDS_TOGETHER_SINCE = [25, 1] as const;

/** The address of the store, and how the log is kept apart in it. */
export interface StoreSettings {
  /** A connection string: `kurrentdb://…` or `esdb://…`. */
  readonly url: string;
  readonly prefix?: string;
  readonly limits?: Partial<StoreLimits>;
  readonly onLost?: (error: Error) => void;
}

/** The event store at a connection string. Nothing is connected before the first call. */
export function openEventStore(settings: StoreSettings): EventStore {
  return new KurrentEventStore(settings);
}

class KurrentEventStore implements EventStore {
  readonly #writes: StoreClient;
  readonly #reads: StoreClient;
  readonly #prefix: string;
  readonly #limits: StoreLimits;

  constructor(private readonly settings: StoreSettings) {
    // Apart, so that a read that is given up breaks no append that is under way.
    this.#writes = new StoreClient(settings.url);
    this.#reads = new StoreClient(settings.url);
    this.#prefix = settings.prefix ?? STREAM_PREFIX;
    this.#limits = { ...STORE_LIMITS, ...settings.limits };
  }

  async append({ stream, expected, events }: StoreAppend): Promise<StoreAppendOutcome> {
    return this.#tryAppend(async (client) => {
      const { nextExpectedRevision, position } = await client.appendToStream(
        this.#prefix + stream,
        await Promise.all(events.map(toEventData)),
        // Always given: what is left out means that any state will do, as does the option of another name.
        { streamState: toStreamState(expected), requiresLeader: true },
      );
      return { outcome: 'appended', next: Number(nextExpectedRevision), ...(position && { at: position }) };
    });
  }

  async appendTogether(appends: readonly StoreAppend[]): Promise<StoreAppendOutcome> {
    return this.#tryAppend(async (client) => {
      const requests = appends.map(async ({ stream, expected, events }) => ({
        streamName: this.#prefix + stream,
        expectedState: toStreamState(expected),
        events: await Promise.all(events.map(toEventData)),
      }));
      const { responses } = await client.multiStreamAppend(await Promise.all(requests));
      return { outcome: 'appended', next: Number(responses?.at(-1)?.revision ?? -1n) };
    });
  }

  async readStreamEnd(stream: string): Promise<number | null> {
    const { BACKWARDS, END } = await clientPackage();
    const [last] = await this.#read(`a read of the end of ${stream}`, (client) =>
      client.readStream(this.#prefix + stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }),
    );
    return last?.revision ?? null;
  }

  readStream(
    stream: string,
    { from, limit }: { readonly from: number; readonly limit: number },
  ): Promise<readonly StoredRecord[]> {
    return this.#read(`a read of ${stream}`, (client) =>
      client.readStream(this.#prefix + stream, { fromRevision: BigInt(from), maxCount: limit }),
    );
  }

  async readAll({
    after,
    limit,
  }: {
    readonly after?: StorePosition;
    readonly limit: number;
  }): Promise<readonly StoredRecord[]> {
    const { START, streamNameFilter } = await clientPackage();
    // Reads begin with the position that they are given, unlike subscriptions.
    const records = await this.#read('a read of all events', (client) =>
      client.readAll({
        fromPosition: after ?? START,
        maxCount: after ? limit + 1 : limit,
        filter: streamNameFilter({ prefixes: [this.#prefix] }),
      }),
    );
    return records.filter(({ at }) => !after || isAfter(at, after)).slice(0, limit);
  }

  subscribeAll(options: {
    readonly after?: StorePosition;
    readonly signal: AbortSignal;
    readonly batchLimit: number;
  }): ReturnType<EventStore['subscribeAll']> {
    const { url, onLost } = this.settings;
    return follow({ ...options, url, prefix: this.#prefix, limits: this.#limits, ...(onLost && { onLost }) });
  }

  readLimits(after?: StorePosition): ReturnType<EventStore['readLimits']> {
    return this.#callReads({ name: "a read of the streams' limits", limitMs: this.#limits.readMs }, (client) =>
      readLimits(client, this.#prefix, after),
    );
  }

  describeServer(): Promise<StoreServerInfo> {
    const what = { name: 'what version it is', limitMs: this.#limits.serverMs };
    return this.#callReads(what, async (client) => {
      const { serverVersion } = await client['capabilities'];
      const [major = 0, minor = 0] = serverVersion.split('.').map(Number);
      const [sinceMajor, sinceMinor] = APPENDS_TOGETHER_SINCE;
      return {
        version: serverVersion,
        appendsTogether: major > sinceMajor || (major === sinceMajor && minor >= sinceMinor),
      };
    });
  }

  async close(): Promise<void> {
    this.#writes.close();
    this.#reads.close();
  }

  async #tryAppend(append: (client: KurrentDBClient) => Promise<StoreAppendOutcome>): Promise<StoreAppendOutcome> {
    try {
      return await this.#writes.call({ name: 'an append', limitMs: this.#limits.appendMs }, append);
    } catch (error) {
      const wrong = readActualRevision(error);
      if (!wrong) throw toStoreFault(error);
      return { outcome: 'conflict', ...wrong, stream: wrong.stream.slice(this.#prefix.length) };
    }
  }

  #read(name: string, read: (client: KurrentDBClient) => AsyncIterable<Resolved>): Promise<readonly StoredRecord[]> {
    return this.#callReads({ name, limitMs: this.#limits.readMs }, async (client) => {
      const records: StoredRecord[] = [];
      try {
        for await (const { event } of read(client)) {
          const record = toStoredRecord(this.#prefix, event);
          if (record) records.push(record);
        }
      } catch (error) {
        if (!isStreamNotFound(error)) throw error;
      }
      return records;
    });
  }

  async #callReads<Result>(
    what: { readonly name: string; readonly limitMs: number },
    work: (client: KurrentDBClient) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await this.#reads.call(what, work);
    } catch (error) {
      throw toStoreFault(error);
    }
  }
}

type Resolved = AllStreamResolvedEvent | ResolvedEvent;

function toStreamState(expected: ExpectedRevision): AppendStreamState {
  switch (expected) {
    case 'any':
      return 'any';
    case 'none':
      return 'no_stream';
    case 'exists':
      return 'stream_exists';
    default:
      return BigInt(expected);
  }
}

/** As bytes, not as JSON, which the client would write and read in a form of its own. */
async function toEventData({ id, type, data, metadata }: StoreEvent): Promise<EventData> {
  const { binaryEvent } = await clientPackage();
  return binaryEvent({ id, type, data, metadata });
}

const isAfter = (one: StorePosition, other: StorePosition): boolean =>
  one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);
