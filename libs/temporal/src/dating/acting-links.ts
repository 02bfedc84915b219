import type { RecordedEvent } from '#domain/facts';
import type { ActingFollows } from './dating-rules.js';
import { insertInOrder } from '../records/dating-links.js';
import type { Pieces } from '../time/pieces.js';

/** An index of the `follows` links that act at some known time, by the events at both ends. */
export class ActingLinks {
  readonly #followed = new Map<string, ReadonlySet<string>>();
  readonly #followers = new Map<string, RecordedEvent[]>();

  /** Replaces the links of an event by those in `pieces`; returns the keys that it follows or followed before. */
  renew(event: RecordedEvent, pieces: Pieces<ActingFollows | undefined>): ReadonlySet<string> {
    const before = this.#followed.get(event.key) ?? new Set();
    const after = new Set(pieces.flatMap(({ value }) => value?.followed ?? []));
    for (const key of before) if (!after.has(key)) this.#drop(key, event);
    for (const key of after)
      if (!before.has(key)) this.#followers.set(key, insertInOrder(this.#followers.get(key) ?? [], event));
    if (after.size > 0) this.#followed.set(event.key, after);
    else this.#followed.delete(event.key);
    return new Set([...before, ...after]);
  }

  /** Keys of the events that follow an event at some known time, in order of position. */
  followersOf = (key: string): readonly string[] => (this.#followers.get(key) ?? []).map((event) => event.key);

  /** Keys of the events that an event follows at some known time. */
  followedBy = (key: string): readonly string[] => [...(this.#followed.get(key) ?? [])];

  #drop(key: string, event: RecordedEvent): void {
    const left = (this.#followers.get(key) ?? []).filter((one) => one !== event);
    if (left.length > 0) this.#followers.set(key, left);
    else this.#followers.delete(key);
  }
}
