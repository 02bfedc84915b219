import type { EventBody, RecordedEvent } from '#domain';

type Rel = 'follows' | 'refines-date-of';

/** A link that dates, by the key of the event that it leads to. */
interface DatingLink {
  readonly rel: Rel;
  readonly to: string;
}

/** Every link that dates events and was ever recorded, whether it acts or not, by the events at both of its ends. */
export class DatingLinks {
  readonly #followers = new Map<string, RecordedEvent[]>();
  readonly #followed = new Map<string, Set<string>>();
  readonly #refiners = new Map<string, RecordedEvent[]>();
  readonly #refined = new Map<string, Set<string>>();

  add(from: RecordedEvent, { rel, to }: DatingLink): void {
    const [targets, sources] = rel === 'follows' ? [this.#followed, this.#followers] : [this.#refined, this.#refiners];
    const known = targets.get(from.key) ?? new Set();
    if (known.has(to)) return;
    targets.set(from.key, known.add(to));
    sources.set(to, insertedInOrder(sources.get(to) ?? [], from));
  }

  /** True of an event at either end of any of them. */
  has = (key: string): boolean =>
    this.#followed.has(key) || this.#followers.has(key) || this.#refined.has(key) || this.#refiners.has(key);

  /** Keys of the events ever said to follow an event, in order of position. */
  followersOf = (key: string): readonly string[] => keysOf(this.#followers.get(key));

  /** Keys of the events that an event was ever said to follow. */
  followedBy = (key: string): readonly string[] => [...(this.#followed.get(key) ?? [])];

  /** Keys of the events ever said to refine the date of an event, in order of position. */
  refinersOf = (key: string): readonly string[] => keysOf(this.#refiners.get(key));

  /** Keys of the events whose dates an event was ever said to refine. */
  refinedBy = (key: string): readonly string[] => [...(this.#refined.get(key) ?? [])];
}

/** The links of a body that date, those of its corrections' changes at any depth included. */
export function datingLinksIn({ links, changes }: Pick<EventBody, 'links' | 'changes'>): readonly DatingLink[] {
  const found: DatingLink[] = [];
  for (const { rel, to } of links ?? []) if (rel === 'follows' || rel === 'refines-date-of') found.push({ rel, to });
  return changes ? [...found, ...datingLinksIn(definedIn(changes))] : found;
}

const definedIn = ({ links, changes }: NonNullable<EventBody['changes']>): Pick<EventBody, 'links' | 'changes'> => ({
  ...(links ? { links } : {}),
  ...(changes ? { changes } : {}),
});

const keysOf = (events: readonly RecordedEvent[] = []): readonly string[] => events.map(({ key }) => key);

function insertedInOrder(events: RecordedEvent[], event: RecordedEvent): RecordedEvent[] {
  const place = events.findLastIndex(({ position }) => position < event.position);
  events.splice(place + 1, 0, event);
  return events;
}
