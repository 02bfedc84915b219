import { type EventBody, type NamedKind, namesGivenIn, slipOf } from '#domain';

/** Names that were recorded, by what they name. */
export type RecordedNames = Readonly<Record<NamedKind, Iterable<string>>>;

/** The time after which names are read again, while questions are answered from the old ones: they only help to find slips. */
const KEPT_MS = 60_000;

/** The names that recorders give again and again, to find those that are nearly one of them. */
export class KnownNames {
  #names: Record<NamedKind, Set<string>> | undefined;
  #readAt = 0;

  /** Without `load` it knows only the names that it learns. */
  constructor(
    private readonly load: (() => Promise<RecordedNames>) | undefined,
    private readonly now: () => number,
  ) {}

  /** Finds the known name that an unknown one is nearly. Waits for the names the first time. */
  async nearest(): Promise<(kind: NamedKind, name: string) => string | undefined> {
    // A write does not fail because its names cannot be compared: the next one tries again.
    const names = this.#names ?? (await this.#read().catch(() => undefined));
    if (!names) return () => undefined;
    if (this.now() - this.#readAt > KEPT_MS) void this.#read().catch(() => undefined);
    return (kind, name) => (names[kind].has(name) ? undefined : slipOf(name, names[kind]));
  }

  /** Takes note of the names of a body that was recorded. */
  learn(body: EventBody): void {
    for (const { kind, name } of namesGivenIn(body)) this.#names?.[kind].add(name);
  }

  async #read(): Promise<Record<NamedKind, Set<string>>> {
    this.#readAt = this.now();
    const { actor = [], publisher = [], measure = [] } = (await this.load?.()) ?? {};
    const before = this.#names;
    this.#names = {
      actor: new Set([...actor, ...(before?.actor ?? [])]),
      publisher: new Set([...publisher, ...(before?.publisher ?? [])]),
      measure: new Set([...measure, ...(before?.measure ?? [])]),
    };
    return this.#names;
  }
}
