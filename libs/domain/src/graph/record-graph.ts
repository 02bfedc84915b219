import { type Chain, itemsOf } from './chain.js';
import { type Bounds, type DatingPart, eventsDatedBy, datingPartsOf } from './dating-parts.js';
import { DatingSets, type JoinedSize } from './dating-sets.js';
import type { EventBody } from '../schema/event.js';

/** An event as a node of the record graph. */
export interface GraphEvent {
  readonly key: string;
  readonly type: string;
  /** The event that it is about. */
  readonly target?: string | undefined;
  /** Absent for a registration. */
  readonly occurred?: Bounds | undefined;
  /** What it says of dates beside its own. */
  readonly parts: readonly DatingPart[];
}

/** The node of a body. */
export const graphEventOf = (body: EventBody): GraphEvent => ({
  key: body.key,
  type: body.type,
  target: body.target,
  occurred: body.occurred,
  parts: datingPartsOf(body),
});

/** A joined set larger than allowed, with the pointer to what in the event causes it. */
export interface TooLarge extends JoinedSize {
  readonly pointer: string;
}

interface GraphNode {
  readonly target: string | undefined;
  readonly isRetraction: boolean;
  readonly occurred: Bounds | undefined;
  /** How many events it is about, directly or through others. */
  readonly depth: number;
  /** The event that it is about in the end; itself where it is about no other. */
  readonly subject: string;
  /** How many records are about it, directly or through others; counted of what is about no other. */
  readonly recordsAbout: number;
  /** The records directly about it. */
  readonly records: Chain<string> | undefined;
}

/**
 * The relations between the events of one policy, as ever recorded: which are about which, and whose dates can depend on
 * each other.
 *
 * Only grows, as the log does: nothing that is recorded later takes an edge away. A graph over a `base` has all that the
 * base has and keeps what is added to itself: so the effect of an event is tried without touching the base.
 * Operators' acts are left out: the service records them itself, and nothing depends on them.
 */
export class RecordGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #dating: DatingSets;
  /** Cached results of {@link isRetracted}, with the number of records for which they hold. */
  readonly #retracted = new Map<string, { readonly about: number; readonly isRetracted: boolean }>();

  constructor(private readonly base?: RecordGraph) {
    this.#dating = new DatingSets((key) => this.#node(key)?.occurred, base && base.#dating);
  }

  /** How many events were added to this graph itself. */
  get size(): number {
    return this.#nodes.size;
  }

  has(key: string): boolean {
    return this.#node(key) !== undefined;
  }

  targetOf(key: string): string | undefined {
    return this.#node(key)?.target;
  }

  /** How many events this one is about, directly or through others; 0 for an event of the policy itself. */
  depthOf(key: string): number {
    return this.#node(key)?.depth ?? 0;
  }

  /** The event of the policy itself that a record is finally about. */
  subjectOf(key: string): string {
    return this.#node(key)?.subject ?? key;
  }

  /** How many records are about an event of the policy itself, directly or through others. */
  countAbout(subject: string): number {
    return this.#node(subject)?.recordsAbout ?? 0;
  }

  /** True if an event of the policy itself is retracted once everything is known. */
  isRetracted(subject: string): boolean {
    if (this.base && !this.#nodes.has(subject)) return this.base.isRetracted(subject);
    const about = this.countAbout(subject);
    const known = this.#retracted.get(subject);
    if (known?.about === about) return known.isRetracted;
    const isRetracted = this.#retractedIn(this.treeOf(subject)).has(subject);
    this.#retracted.set(subject, { about, isRetracted });
    return isRetracted;
  }

  /** The event and every record about it, directly or through others; each before what is about it. */
  treeOf(key: string): readonly string[] {
    const keys = [key];
    for (const each of keys) for (const record of itemsOf(this.#node(each)?.records)) keys.push(record);
    return keys;
  }

  /** The events, of any policy, that an event was ever recorded to follow, by its body or by a correction. */
  followsOf(key: string): Iterable<string> {
    return this.#dating.followsOf(key);
  }

  /** How many events the dates of one can depend on through links, itself included. */
  countDatedTogether(key: string): number {
    return this.#dating.sizeOf(key);
  }

  /**
   * Adds an event behind all others. One whose key is there already changes nothing.
   *
   * Answers the first set of events dated together that would get more than `most`. The event is then added in part:
   * only a graph that is thrown away afterwards has such a limit.
   */
  add(event: GraphEvent, most = Infinity): TooLarge | undefined {
    const { key, type } = event;
    if (type.startsWith('operation.') || this.has(key)) return undefined;
    this.#place(event);
    return this.#date(event, most);
  }

  /** The events of a tree that a retraction in force retracts. */
  #retractedIn(tree: readonly string[]): ReadonlySet<string> {
    const takenBack = new Set<string>();
    // Records come after what they are about: going backwards, each is known to be in force or retracted.
    for (const key of tree.toReversed()) {
      const node = this.#node(key);
      if (node?.isRetraction && node.target !== undefined && !takenBack.has(key)) takenBack.add(node.target);
    }
    return takenBack;
  }

  #place({ key, type, target, occurred }: GraphEvent): void {
    const above = target === undefined ? undefined : this.#node(target);
    const subject = above?.subject ?? target ?? key;
    const depth = target === undefined ? 0 : (above?.depth ?? 0) + 1;
    const isRetraction = type === 'record.retracted';
    this.#nodes.set(key, { target, isRetraction, occurred, depth, subject, recordsAbout: 0, records: undefined });
    if (target !== undefined && above)
      this.#nodes.set(target, { ...above, records: { item: key, rest: above.records } });
    const counted = this.#node(subject);
    if (target !== undefined && counted)
      this.#nodes.set(subject, { ...counted, recordsAbout: counted.recordsAbout + 1 });
  }

  #date(event: GraphEvent, most: number): TooLarge | undefined {
    const arrived = this.#dating.arrive(event.key, most);
    if (arrived) return { ...arrived, pointer: '' };
    for (const { of, part } of eventsDatedBy(event, (key) => this.targetOf(key))) {
      const widened = part.occurred && this.#dating.widen(of, part.occurred, most);
      if (widened) return { ...widened, pointer: part.pointer };
      for (const link of part.links) {
        const linked = this.#dating.link(of, link, most);
        if (linked) return { ...linked, pointer: link.pointer };
      }
    }
    return undefined;
  }

  #node(key: string): GraphNode | undefined {
    return this.#nodes.get(key) ?? (this.base && this.base.#node(key));
  }
}
