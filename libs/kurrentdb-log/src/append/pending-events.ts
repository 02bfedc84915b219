import type { EventLocation } from '#event-log/adapter';

type NameKind = 'key' | 'idempotency-key';

/** The events that this process knows to be in the store and not yet in the log, by the names that they take. */
export class PendingEvents {
  readonly #locations: Readonly<Record<NameKind, Map<string, EventLocation>>> = {
    key: new Map(),
    'idempotency-key': new Map(),
  };

  find(kind: NameKind, name: string): EventLocation | undefined {
    return this.#locations[kind].get(name);
  }

  keep(kind: NameKind, name: string, location: EventLocation): void {
    this.#locations[kind].set(name, location);
  }

  /** Forgets an event that is in the log: the log knows of it. */
  forget(kind: NameKind, name: string): void {
    this.#locations[kind].delete(name);
  }
}
