import type { DatingLink, RecordedEvent } from '#domain/facts';

/** An index of all dating links ever recorded, whether they act or not, by the events at both ends. */
export class DatingLinks {
  readonly #followers = new Map<string, RecordedEvent[]>();
  readonly #followed = new Map<string, Set<string>>();
  readonly #refiners = new Map<string, RecordedEvent[]>();
  readonly #refined = new Map<string, Set<string>>();

  add(from: RecordedEvent, { rel, to }: Pick<DatingLink, 'rel' | 'to'>): void {
    const [targets, sources] = rel === 'follows' ? [this.#followed, this.#followers] : [this.#refined, this.#refiners];
    const known = targets.get(from.key) ?? new Set();
    if (known.has(to)) return;
    targets.set(from.key, known.add(to));
    sources.set(to, insertInOrder(sources.get(to) ?? [], from));
  }

  /** True for an event at either end of a link. */
  has = (key: string): boolean =>
    this.#followed.has(key) || this.#followers.has(key) || this.#refined.has(key) || this.#refiners.has(key);

  /** Keys of the events ever recorded to follow an event, in order of position. */
  followersOf = (key: string): readonly string[] => keysOf(this.#followers.get(key));

  /** Keys of the events that an event was ever recorded to follow. */
  followedBy = (key: string): readonly string[] => [...(this.#followed.get(key) ?? [])];

  /** Keys of the events ever recorded to refine the date of an event, in order of position. */
  refinersOf = (key: string): readonly string[] => keysOf(this.#refiners.get(key));

  /** Keys of the events whose dates an event was ever recorded to refine. */
  refinedBy = (key: string): readonly string[] => [...(this.#refined.get(key) ?? [])];
}

const keysOf = (events: readonly RecordedEvent[] = []): readonly string[] => events.map(({ key }) => key);

/** Inserts an event in order of position; returns the same list. */
export function insertInOrder(events: RecordedEvent[], event: RecordedEvent): RecordedEvent[] {
  const place = events.findLastIndex(({ position }) => position < event.position);
  events.splice(place + 1, 0, event);
  return events;
}
