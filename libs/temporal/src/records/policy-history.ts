import { datingPartsOf, eventsDatedBy, type RecordedEvent } from '#domain/facts';
import { DatingLinks } from './dating-links.js';

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

  /** The event, what it is about, what that is about, and so on, as long as each is wanted. */
  chainFrom(event: RecordedEvent, isWanted: (event: RecordedEvent) => boolean = () => true): readonly RecordedEvent[] {
    const chain: RecordedEvent[] = [];
    for (let last: RecordedEvent | undefined = event; last && isWanted(last); last = this.targetOf(last))
      chain.push(last);
    return chain;
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

  /** Its links, and those that it gives to what it corrects. */
  #connect(event: RecordedEvent): void {
    const { key, body } = event;
    const dated = { key, target: this.targetOf(event)?.key, parts: datingPartsOf(body) };
    for (const { of, part } of eventsDatedBy(dated, (one) => this.#targetKeyOf(one))) {
      const from = this.#byKey.get(of);
      if (from) for (const link of part.links) this.datingLinks.add(from, link);
    }
  }

  #targetKeyOf(key: string): string | undefined {
    const event = this.#byKey.get(key);
    return event && this.targetOf(event)?.key;
  }
}
