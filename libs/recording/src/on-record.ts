import {
  type EventBody,
  REGISTERED,
  type RecordedEvent,
  type Seen,
  type SeenEvent,
  followsRecordedBy,
  fromStored,
  linksIn,
  policiesIn,
  policyStream,
  registrationKey,
} from '#domain';
import { DISREGARDED, type EventLog, type LogEntry, type Revision } from '#event-log';

/** At most this many events are remembered as being on record. */
const REMEMBERED = 50_000;

/** Entries of a stream that are read at a time. */
export const PAGE = 1000;

/** Keys are looked up in the log at most this many at a time. */
const KEYS_AT_ONCE = 500;

/**
 * What is on record, as decisions need it.
 *
 * Remembers what was found: the log only grows, so what is there stays there. What was not found is asked for again.
 */
export class OnRecord {
  readonly #events = new Map<string, SeenEvent>();

  constructor(private readonly log: Pick<EventLog, 'readKeys' | 'readStream'>) {}

  event(key: string): SeenEvent | undefined {
    return this.#events.get(key);
  }

  hasPolicy(slug: string): boolean {
    return this.#events.has(registrationKey(slug));
  }

  /** Learns which of the keys are on record; answers the entries that had to be read. */
  async learn(keys: Iterable<string>): Promise<readonly LogEntry[]> {
    const unknown = [...new Set(keys)].filter((key) => !this.#events.has(key));
    const found: LogEntry[] = [];
    for (let start = 0; start < unknown.length; start += KEYS_AT_ONCE)
      found.push(...(await this.log.readKeys(unknown.slice(start, start + KEYS_AT_ONCE))));
    for (const entry of found) this.remember(seenEventOf(entry));
    return found;
  }

  /** Learns everything that a decision about the body depends on, targets of targets included. */
  async learnFor(body: EventBody): Promise<void> {
    await this.learn([
      ...linksIn(body).map(({ to }) => to),
      ...policiesIn(body).map(({ slug }) => registrationKey(slug)),
      ...(body.target === undefined ? [] : [body.target]),
    ]);
    for (let target = body.target; target !== undefined;) {
      const next: string | undefined = this.event(target)?.target;
      if (next !== undefined) await this.learn([next]);
      target = next;
    }
  }

  remember(event: SeenEvent): void {
    this.#events.set(event.key, event);
    if (this.#events.size <= REMEMBERED) return;
    for (const oldest of this.#events.keys()) {
      this.#events.delete(oldest);
      break;
    }
  }

  /** The events with these keys, in order of position. */
  async events(keys: readonly string[]): Promise<readonly RecordedEvent[]> {
    const entries: LogEntry[] = [];
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE)
      entries.push(...(await this.log.readKeys(keys.slice(start, start + KEYS_AT_ONCE))));
    return entries
      .filter(({ type }) => type !== REGISTERED && type !== DISREGARDED)
      .sort((one, other) => one.position - other.position)
      .map(fromStored);
  }

  /** What `decide` asks, from what was learnt; `follows` as read by {@link followsFrom}. */
  seen(follows: ReadonlyMap<string, readonly string[]> = new Map()): Seen {
    return {
      policyExists: (slug) => this.hasPolicy(slug),
      eventOf: (key) => this.event(key),
      followsEver: (key) => follows.get(key) ?? [],
    };
  }

  /** Who was ever recorded to follow whom, as far as it can be reached from some events. */
  async followsFrom(keys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const follows = new Map<string, string[]>();
    const read = new Set<string>();
    const reached = new Set(keys);
    for (const key of reached) {
      await this.learn([key]);
      const policy = this.event(key)?.policy;
      if (policy !== undefined && !read.has(policy)) {
        read.add(policy);
        await this.#readFollows(policy, follows);
      }
      for (const next of follows.get(key) ?? []) reached.add(next);
    }
    return follows;
  }

  async #readFollows(policy: string, follows: Map<string, string[]>): Promise<void> {
    for await (const entry of entriesOf(this.log, policyStream(policy))) {
      if (entry.type === REGISTERED || entry.type === DISREGARDED) continue;
      this.remember(seenEventOf(entry));
      for (const { from, to } of followsRecordedBy(fromStored(entry).body, (key) => this.event(key)?.target))
        follows.set(from, [...(follows.get(from) ?? []), to]);
    }
  }
}

/** Every entry of a stream, page by page. */
export async function* entriesOf(log: Pick<EventLog, 'readStream'>, stream: string): AsyncGenerator<LogEntry> {
  for (let after: Revision | undefined, more = true; more;) {
    const page: readonly LogEntry[] = await log.readStream(stream, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    yield* page;
    after = page.at(-1)?.revision;
    more = page.length === PAGE;
  }
}

const STREAM_PREFIX = policyStream('');

/** What decisions need of an entry. */
export function seenEventOf({ key, type, stream, position, body }: LogEntry): SeenEvent {
  const target = body['target'];
  return {
    key,
    type,
    policy: stream.slice(STREAM_PREFIX.length),
    position,
    ...(typeof target === 'string' ? { target } : {}),
  };
}
