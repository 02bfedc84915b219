import type { RecordedEvent } from '#domain';
import { datingTargets } from './dating-links.js';

/**
 * The recorded events of one policy with the two look-ups that the fold needs.
 *
 * Shape: `events` in order of position; `about(key)` the `record.*` and `source.*` events that target a key. Grows by
 * `add` only, as the log does.
 */
export class PolicyHistory {
  readonly #events: RecordedEvent[] = [];
  readonly #byKey = new Map<string, RecordedEvent>();
  readonly #about = new Map<string, RecordedEvent[]>();
  readonly #neighbours = new Map<string, Set<string>>();

  constructor(events: readonly RecordedEvent[] = []) {
    for (const event of events) this.add(event);
  }

  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  /** Takes one more event, recorded after all that are here. */
  add(event: RecordedEvent): void {
    this.#events.push(event);
    this.#byKey.set(event.key, event);
    this.#connect(event);
    const target = event.body.target;
    // A target recorded later than what speaks of it is ignored: so the walk along targets always ends.
    if (target === undefined || !this.#byKey.has(target) || target === event.key) return;
    const about = this.#about.get(target);
    if (about) about.push(event);
    else this.#about.set(target, [event]);
  }

  event(key: string): RecordedEvent | undefined {
    return this.#byKey.get(key);
  }

  /** The event that a record is about; undefined for one that is about none, or about one that was recorded later. */
  targetOf({ body, position }: RecordedEvent): RecordedEvent | undefined {
    const target = body.target === undefined ? undefined : this.#byKey.get(body.target);
    return target && target.position < position ? target : undefined;
  }

  about(key: string): readonly RecordedEvent[] {
    return this.#about.get(key) ?? [];
  }

  /**
   * The event and what was recorded about it, about that, and so on, the newest first: each comes after all that was
   * recorded about it. Leaves out what `isWanted` refuses, with all that is about it.
   */
  newestFirst(event: RecordedEvent, isWanted: (event: RecordedEvent) => boolean): readonly RecordedEvent[] {
    const found = isWanted(event) ? [event] : [];
    for (const next of found) found.push(...this.about(next.key).filter(isWanted));
    return found.sort((one, other) => other.position - one.position);
  }

  /** The events at the other end of a dating link, in either direction, that was ever recorded with this one. */
  datingNeighbours(key: string): readonly RecordedEvent[] {
    return [...(this.#neighbours.get(key) ?? [])].flatMap((neighbour) => this.#byKey.get(neighbour) ?? []);
  }

  #connect(event: RecordedEvent): void {
    for (const linked of datingTargets(event.body))
      for (const linking of this.#changing(event)) {
        this.#neighboursOf(linking).add(linked);
        this.#neighboursOf(linked).add(linking);
      }
  }

  /** Keys of the event and, of a correction, of all whose body it may change: its target, what that corrects, and so on. */
  #changing(event: RecordedEvent): readonly string[] {
    const keys = [event.key];
    for (let last: RecordedEvent | undefined = event; last?.type === 'record.corrected';) {
      last = this.targetOf(last);
      if (last) keys.push(last.key);
    }
    return keys;
  }

  #neighboursOf(key: string): Set<string> {
    const neighbours = this.#neighbours.get(key) ?? new Set<string>();
    this.#neighbours.set(key, neighbours);
    return neighbours;
  }
}
