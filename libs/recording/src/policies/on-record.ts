import {
  type EventBody,
  REGISTERED,
  type RecordedEvent,
  type Seen,
  type EventOnRecord,
  fromStored,
  linksIn,
  policiesIn,
  policyStream,
  type RecordGraph,
  registrationKey,
} from '#domain';
import { DISREGARDED, type EventLog, type LogEntry } from '#event-log';
import type { PolicyGraphs } from './policy-graphs.js';

/** The number of events that are remembered as being on record. */
const REMEMBERED = 50_000;

/** The number of keys that are looked up in the log at once. */
const KEYS_AT_ONCE = 500;

/**
 * The events on record, as decisions need them.
 *
 * Remembers what was found: the log only grows, so what is there stays there. What was not found is asked for again.
 */
export class OnRecord {
  readonly #events = new Map<string, EventOnRecord>();

  /** Forgets what it learnt first where it remembers more than `limit` events. */
  constructor(
    private readonly log: Pick<EventLog, 'readKeys'>,
    private readonly limit = REMEMBERED,
  ) {}

  event(key: string): EventOnRecord | undefined {
    return this.#events.get(key);
  }

  hasPolicy(slug: string): boolean {
    return this.#events.has(registrationKey(slug));
  }

  /** Learns which of the keys are on record; answers the entries that had to be read. */
  async learn(keys: Iterable<string>): Promise<readonly LogEntry[]> {
    const unknown = [...new Set(keys)].filter((key) => !this.#events.has(key));
    const found = await this.#entries(unknown);
    for (const entry of found) this.remember(seenEventOf(entry));
    return found;
  }

  /** Learns everything that a decision about the body depends on. */
  async learnFor(body: EventBody): Promise<void> {
    await this.learn([
      ...linksIn(body).map(({ to }) => to),
      ...policiesIn(body).map(({ slug }) => registrationKey(slug)),
      ...(body.target === undefined ? [] : [body.target]),
    ]);
    // A correction of corrections is checked against each event that it reaches.
    let target = body.target;
    for (let changes = body.changes; changes && target !== undefined; changes = changes.changes ?? undefined) {
      await this.learn([target]);
      target = this.event(target)?.target;
    }
  }

  remember(event: EventOnRecord): void {
    this.#events.set(event.key, event);
    if (this.#events.size <= this.limit) return;
    for (const oldest of this.#events.keys()) {
      this.#events.delete(oldest);
      break;
    }
  }

  /** The events with these keys, in order of position. */
  async events(keys: readonly string[]): Promise<readonly RecordedEvent[]> {
    return (await this.#entries(keys))
      .filter(({ type }) => type !== REGISTERED && type !== DISREGARDED)
      .sort((one, other) => one.position - other.position)
      .map(fromStored);
  }

  async #entries(keys: readonly string[]): Promise<readonly LogEntry[]> {
    const entries: LogEntry[] = [];
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE)
      entries.push(...(await this.log.readKeys(keys.slice(start, start + KEYS_AT_ONCE))));
    return entries;
  }

  /** The answers to what `decide` asks, from what was learnt; `follows` as read by {@link followsFrom}. */
  seen(follows: ReadonlyMap<string, readonly string[]> = new Map()): Seen {
    return {
      policyExists: (slug) => this.hasPolicy(slug),
      eventOf: (key) => this.event(key),
      followsEver: (key) => follows.get(key) ?? [],
    };
  }

  /** Every event that was ever recorded to follow another, as far as it can be reached from some events. */
  async followsFrom(
    keys: Iterable<string>,
    graphs: Pick<PolicyGraphs, 'of'>,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const follows = new Map<string, readonly string[]>();
    const read = new Map<string, RecordGraph>();
    // Most lead on within their policy, whose graph says so; others have to be looked up.
    let reached = new Map<string, RecordGraph | undefined>([...keys].map((key) => [key, undefined]));
    while (reached.size > 0) {
      const next = new Map<string, RecordGraph>();
      await this.learn([...reached].flatMap(([key, graph]) => (graph?.has(key) ? [] : [key])));
      for (const [key, from] of reached) {
        const graph = from?.has(key) ? from : await this.#graphOf(key, { graphs, read });
        const followed = graph ? [...graph.followsOf(key)] : [];
        follows.set(key, followed);
        if (graph) for (const to of followed) if (!follows.has(to) && !reached.has(to)) next.set(to, graph);
      }
      reached = next;
    }
    return follows;
  }

  async #graphOf(
    key: string,
    { graphs, read }: { readonly graphs: Pick<PolicyGraphs, 'of'>; readonly read: Map<string, RecordGraph> },
  ): Promise<RecordGraph | undefined> {
    const policy = this.event(key)?.policy;
    if (policy === undefined) return undefined;
    const graph = read.get(policy) ?? (await graphs.of(policy)).graph;
    read.set(policy, graph);
    return graph;
  }
}

const STREAM_PREFIX = policyStream('');

/** The parts of an entry that decisions need. */
export function seenEventOf({ key, type, stream, position, body }: LogEntry): EventOnRecord {
  const target = body['target'];
  return {
    key,
    type,
    policy: stream.slice(STREAM_PREFIX.length),
    position,
    ...(typeof target === 'string' ? { target } : {}),
  };
}
