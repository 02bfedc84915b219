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

  about(key: string): readonly RecordedEvent[] {
    return this.#about.get(key) ?? [];
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
    const target = event.type === 'record.corrected' ? this.#byKey.get(event.body.target ?? '') : undefined;
    return target && target.position < event.position ? [event.key, ...this.#changing(target)] : [event.key];
  }

  #neighboursOf(key: string): Set<string> {
    const neighbours = this.#neighbours.get(key) ?? new Set<string>();
    this.#neighbours.set(key, neighbours);
    return neighbours;
  }
}
