import { type Chain, itemsOf } from './chain.js';
import type { Bounds, DatingLink } from './dating-parts.js';
import { type Spans, spansMeet, addSpan } from './spans.js';

/** The sizes of two sets of events that a link or a date would join. */
export interface JoinedSize {
  /** Events of the larger of the two. */
  readonly larger: number;
  /** Events of both. */
  readonly together: number;
}

interface Follows {
  readonly from: string;
  readonly to: string;
}

/** Links whose other end is not on record yet. */
type Waiting = Chain<{ readonly from: string; readonly link: DatingLink }> | undefined;

interface Node {
  /** All dates ever given for it. */
  readonly own: Spans;
  /** With those of the events that refine its date. */
  readonly dates: Spans;
  /** The events whose dates it refines. */
  readonly refines: Chain<string> | undefined;
  /** The events that it was ever recorded to follow. */
  readonly follows: Chain<string> | undefined;
  /** The `follows`, from it and to it, whose ends had no moment in common when last looked at. */
  readonly apart: Chain<Follows> | undefined;
  /** Another event of its set; undefined for the representative of the set. */
  readonly above: string | undefined;
  /** The number of events in the set; valid for its representative. */
  readonly size: number;
}

/**
 * The events of one policy whose dates can depend on each other, as sets that only grow.
 *
 * `refines-date-of` connects always. `follows` connects where the dates can meet: a date that either end was ever given,
 * by its own body, by a correction at any depth or by an event that refines it. Links and dates count whether they are in
 * force or not, since what is retracted can come back.
 */
export class DatingSets {
  readonly #nodes = new Map<string, Node>();
  /** Links whose other end is not on record yet, by that end. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    /** The date that an event of the policy was recorded with; undefined for what is none, or not yet. */
    private readonly occurred: (key: string) => Bounds | undefined,
    private readonly base?: DatingSets,
  ) {}

  /** The events, of any policy, that an event was ever recorded to follow. */
  followsOf(key: string): Iterable<string> {
    return itemsOf(this.#findNode(key)?.follows);
  }

  /** The number of events on which the dates of one can depend, itself included. */
  sizeOf(key: string): number {
    return this.#findNode(this.#representativeOf(key))?.size ?? 1;
  }

  /**
   * The links that waited for an event which is on record now. Like the other methods answers the first joining that
   * makes a set larger than `most`, and then stops half-way: only what is thrown away afterwards has such a limit.
   */
  arrive(key: string, most: number): JoinedSize | undefined {
    const waiting = this.#waitingFor(key);
    if (!waiting) return undefined;
    this.#waiting.set(key, undefined);
    return first(itemsOf(waiting), ({ from, link }) => this.#connect(from, link, most));
  }

  /** Adds a date of an event. */
  widen(key: string, date: Bounds, most: number): JoinedSize | undefined {
    const node = this.#node(key);
    const own = addSpan(node.own, date);
    if (own === node.own) return undefined;
    this.#nodes.set(key, { ...node, own });
    return this.#spread(key, own, most) ?? first(itemsOf(node.refines), (refined) => this.#spread(refined, own, most));
  }

  /** Adds a dating link from an event of the policy. */
  link(from: string, link: DatingLink, most: number): JoinedSize | undefined {
    const node = this.#node(from);
    if (link.rel === 'follows') this.#nodes.set(from, { ...node, follows: { item: link.to, rest: node.follows } });
    if (this.occurred(link.to)) return this.#connect(from, link, most);
    this.#waiting.set(link.to, { item: { from, link }, rest: this.#waitingFor(link.to) });
    return undefined;
  }

  #connect(from: string, { rel, to }: DatingLink, most: number): JoinedSize | undefined {
    if (rel === 'follows') return this.#follow({ from, to }, most);
    const joining = this.#join(from, to, most);
    if (joining) return joining;
    const node = this.#node(from);
    this.#nodes.set(from, { ...node, refines: { item: to, rest: node.refines } });
    return this.#spread(to, node.own, most);
  }

  #follow(follows: Follows, most: number): JoinedSize | undefined {
    const { from, to } = follows;
    if (spansMeet(this.#node(from).dates, this.#node(to).dates)) return this.#join(from, to, most);
    for (const end of [from, to]) {
      const node = this.#node(end);
      this.#nodes.set(end, { ...node, apart: { item: follows, rest: node.apart } });
    }
    return undefined;
  }

  /** Adds dates that an event can have: links whose ends were apart may overlap now. */
  #spread(key: string, more: Spans, most: number): JoinedSize | undefined {
    const node = this.#node(key);
    const dates = more.reduce(addSpan, node.dates);
    if (dates === node.dates) return undefined;
    this.#nodes.set(key, { ...node, dates, apart: undefined });
    return first(itemsOf(node.apart), (follows) => this.#followAgain(key, follows, most));
  }

  /** As {@link #follow}, for a link that the other end has among those apart already. */
  #followAgain(key: string, follows: Follows, most: number): JoinedSize | undefined {
    const { from, to } = follows;
    if (spansMeet(this.#node(from).dates, this.#node(to).dates)) return this.#join(from, to, most);
    const node = this.#node(key);
    this.#nodes.set(key, { ...node, apart: { item: follows, rest: node.apart } });
    return undefined;
  }

  #join(one: string, other: string, most: number): JoinedSize | undefined {
    const [first, second] = [this.#representativeOf(one), this.#representativeOf(other)];
    if (first === second) return undefined;
    const [left, right] = [this.#node(first), this.#node(second)];
    const together = left.size + right.size;
    if (together > most) return { larger: Math.max(left.size, right.size), together };
    const [upper, lower] = left.size < right.size ? [second, first] : [first, second];
    this.#nodes.set(lower, { ...this.#node(lower), above: upper });
    this.#nodes.set(upper, { ...this.#node(upper), size: together });
    return undefined;
  }

  #representativeOf(key: string): string {
    let at = key;
    for (let above = this.#findNode(at)?.above; above !== undefined; above = this.#findNode(at)?.above) at = above;
    return at;
  }

  #node(key: string): Node {
    const known = this.#findNode(key);
    if (known) return known;
    const occurred = this.occurred(key);
    const own = occurred ? [{ earliest: occurred.earliest, latest: occurred.latest }] : [];
    const links = { refines: undefined, follows: undefined, apart: undefined };
    return { own, dates: own, ...links, above: undefined, size: 1 };
  }

  #findNode(key: string): Node | undefined {
    return this.#nodes.get(key) ?? (this.base && this.base.#findNode(key));
  }

  #waitingFor(key: string): Waiting {
    return this.#waiting.has(key) ? this.#waiting.get(key) : this.base && this.base.#waitingFor(key);
  }
}

function first<Item, Found>(items: Iterable<Item>, find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
