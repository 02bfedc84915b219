/** An event as the graph of its policy's record takes it. */
export interface GraphEvent {
  readonly key: string;
  readonly type: string;
  /** The event that it is about. */
  readonly target?: string | undefined;
}

/** Keys in a list that grows at its head, so that copies can share it. */
interface Chain<Item> {
  readonly item: Item;
  readonly rest: Chain<Item> | undefined;
}

interface GraphNode {
  readonly target: string | undefined;
  /** How many events it is about, directly or through others. */
  readonly depth: number;
  /** The event that it is about in the end; itself where it is about no other. */
  readonly subject: string;
  /** How many records are about it, directly or through others; counted of what is about no other. */
  readonly recordsAbout: number;
  /** What is directly about it, the latest first. */
  readonly records: Chain<string> | undefined;
}

/**
 * What the events of one policy have to do with each other, as ever recorded: what is about what.
 *
 * Only grows, as the log does: nothing that is recorded later takes an edge away. A graph over a `base` has all that the
 * base has and keeps what is added to itself: so what an event would come to is tried without touching the base.
 * Operators' acts are left out: the service records them itself, and nothing depends on them.
 */
export class RecordGraph {
  readonly #nodes = new Map<string, GraphNode>();

  constructor(private readonly base?: RecordGraph) {}

  /** How many events were added to this graph itself. */
  get size(): number {
    return this.#nodes.size;
  }

  has(key: string): boolean {
    return this.#node(key) !== undefined;
  }

  /** How many events this one is about, directly or through others; 0 for an event of the policy itself. */
  depthOf(key: string): number {
    return this.#node(key)?.depth ?? 0;
  }

  /** What an event is about in the end: an event of the policy itself. */
  subjectOf(key: string): string {
    return this.#node(key)?.subject ?? key;
  }

  targetOf(key: string): string | undefined {
    return this.#node(key)?.target;
  }

  /** How many records are about an event of the policy itself, directly or through others. */
  countAbout(subject: string): number {
    return this.#node(subject)?.recordsAbout ?? 0;
  }

  /** The event and every record about it, directly or through others. */
  treeOf(key: string): readonly string[] {
    const keys = [key];
    for (const each of keys)
      for (let record = this.#node(each)?.records; record; record = record.rest) keys.push(record.item);
    return keys;
  }

  /** Adds an event behind all others. One whose key is there already changes nothing. */
  add({ key, type, target }: GraphEvent): void {
    if (type.startsWith('operation.') || this.has(key)) return;
    const above = target === undefined ? undefined : this.#node(target);
    this.#nodes.set(key, {
      target,
      depth: target === undefined ? 0 : (above?.depth ?? 0) + 1,
      subject: above?.subject ?? target ?? key,
      recordsAbout: 0,
      records: undefined,
    });
    if (target !== undefined && above)
      this.#nodes.set(target, { ...above, records: { item: key, rest: above.records } });
    const subject = this.#node(this.subjectOf(key));
    if (target !== undefined && subject)
      this.#nodes.set(this.subjectOf(key), { ...subject, recordsAbout: subject.recordsAbout + 1 });
  }

  #node(key: string): GraphNode | undefined {
    return this.#nodes.get(key) ?? (this.base && this.base.#node(key));
  }
}
