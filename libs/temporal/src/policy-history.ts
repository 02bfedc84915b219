import type { RecordedEvent } from '#domain';
import { DatingLinks, datingLinksIn } from './dating-links.js';

/**
 * The recorded events of one policy with the two look-ups that the fold needs.
 *
 * Shape: `events` in order of position; `about(key)` the `record.*` and `source.*` events that target a key. Grows by
 * `add` only, as the log does.
 */
export class PolicyHistory {
  readonly datingLinks = new DatingLinks();
  readonly #events: RecordedEvent[] = [];
  readonly #byKey = new Map<string, RecordedEvent>();
  readonly #about = new Map<string, RecordedEvent[]>();

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

  #connect(event: RecordedEvent): void {
    const links = datingLinksIn(event.body);
    if (links.length === 0) return;
    for (const from of this.#changing(event)) for (const link of links) this.datingLinks.add(from, link);
  }

  /** The event and, of a correction, all whose body it may change: its target, what that corrects, and so on. */
  #changing(event: RecordedEvent): readonly RecordedEvent[] {
    const changing = [event];
    for (let last: RecordedEvent | undefined = event; last?.type === 'record.corrected';) {
      last = this.targetOf(last);
      if (last) changing.push(last);
    }
    return changing;
  }
}
