import { type Instant, type RecordedEvent } from '#domain';
import { type FollowGraph, type Link, followGraphOf } from './follow-graph.js';
import type { PublishedAt } from './publications.js';
import { type View, ordinalOf } from './view.js';

/** When one event happened, after the links that date have acted. Bounds are inclusive instants. */
export interface Dating {
  readonly earliest: Instant;
  readonly latest: Instant;
  /**
   * From when on the event counts: its latest bound, or its first known publication within the bounds; no later than
   * anything that follows it.
   */
  readonly settled: Instant;
  /** By when it is put in order among others: never later than `settled`, nor earlier than anything that it follows. */
  readonly orderedAt: Instant;
  /** True when it is ordered by its earliest bound: it may have happened any time up to its latest. */
  readonly isVague: boolean;
  /** Place among events that follow each other: above every event that this one follows. */
  readonly rank: number;
  /** Keys of the events that this one follows, where the link acts. */
  readonly follows: readonly string[];
  /** Of a vague event the keys of those that it follows, or that follow it, through any number of others; else none. */
  readonly relatives: readonly string[];
  /** Keys of the events whose dates, links or publications made this dating what it is; none that made no difference. */
  readonly datedBy: readonly string[];
  /** True when a `follows` points to an event that happened wholly later: it is then just a link. */
  readonly followsWrongWay: boolean;
}

/** Keys of the events through which an instant came to an event, the nearest first; null when it is its own. */
type Origin = { readonly key: string; readonly next: Origin } | null;

/** An instant and through which events it came. */
interface Traced {
  readonly at: Instant;
  readonly origin: Origin;
}

interface Draft {
  earliest: Traced;
  latest: Traced;
  settled: Traced;
  orderedAt: Traced;
  isVague: boolean;
}

type Drafts = ReadonlyMap<string, Draft>;

/** The dating of each visible event. The events must hold both ends of every dating link among them that is to act. */
export function datingsOf(visible: readonly RecordedEvent[], view: View): ReadonlyMap<string, Dating> {
  const drafts = new Map(visible.map((event) => [event.key, draftOf(event, view)]));
  refine(datingLinks(visible, view, 'refines-date-of').sort(inOrderOf(view)), drafts, view);

  // Which `follows` act is settled from the refined bounds, before any is narrowed: so their order cannot matter.
  const follows = datingLinks(visible, view, 'follows');
  const graph = followGraphOf(follows.filter(({ from, to }) => meet(drafts.get(from.key), drafts.get(to.key))));
  const wrongWay = new Set(
    follows.filter(({ from, to }) => isBefore(drafts.get(from.key), drafts.get(to.key))).map(({ from }) => from.key),
  );
  narrow(graph, drafts);
  for (const event of visible) settle(drafts.get(event.key), view.published(event));
  lowerSettled(graph, drafts);
  for (const event of visible) order(drafts.get(event.key), view.published(event));
  raiseOrder(graph, drafts);

  return new Map(
    visible.map((event) => [
      event.key,
      datingOf(drafts.get(event.key) ?? draftOf(event, view), {
        rank: graph.rankOf(event.key),
        follows: graph.followedBy(event.key),
        relatives: drafts.get(event.key)?.isVague === true ? graph.relativesOf(event.key) : [],
        followsWrongWay: wrongWay.has(event.key),
      }),
    ]),
  );
}

/** The dating of an event on its own: what a retracted event is listed by. */
export function ownDatingOf(event: RecordedEvent, view: View): Dating {
  const draft = draftOf(event, view);
  settle(draft, view.published(event));
  order(draft, view.published(event));
  return datingOf(draft, { rank: 0, follows: [], relatives: [], followsWrongWay: false });
}

function draftOf(event: RecordedEvent, view: View): Draft {
  const { earliest, latest } = view.body(event).occurred;
  const own = (at: Instant): Traced => ({ at, origin: null });
  return { earliest: own(earliest), latest: own(latest), settled: own(latest), orderedAt: own(latest), isVague: false };
}

const datingOf = (
  { earliest, latest, settled, orderedAt, isVague }: Draft,
  links: Pick<Dating, 'rank' | 'follows' | 'relatives' | 'followsWrongWay'>,
): Dating => ({
  earliest: earliest.at,
  latest: latest.at,
  settled: settled.at,
  orderedAt: orderedAt.at,
  isVague,
  ...links,
  datedBy: [...new Set([earliest, latest, settled, orderedAt].flatMap(({ origin }) => keysOf(origin)))],
});

function keysOf(origin: Origin): readonly string[] {
  const keys: string[] = [];
  for (let last = origin; last; last = last.next) keys.push(last.key);
  return keys;
}

const through = (key: string, { at, origin }: Traced): Traced => ({ at, origin: { key, next: origin } });

function datingLinks(visible: readonly RecordedEvent[], view: View, rel: 'follows' | 'refines-date-of'): Link[] {
  const byKey = new Map(visible.map((event) => [event.key, event]));
  return visible.flatMap((from) =>
    (view.body(from).links ?? []).flatMap((link) => {
      const to = byKey.get(link.to);
      return link.rel === rel && to ? [{ from, to }] : [];
    }),
  );
}

const inOrderOf =
  (view: View) =>
  (one: Link, other: Link): number =>
    view.publications.knownFrom(one.from) - view.publications.knownFrom(other.from) ||
    ordinalOf(view.body(one.from)) - ordinalOf(view.body(other.from)) ||
    one.from.position - other.from.position;

/** Each refinement narrows the bounds to those of its own date, or moves them there when the two do not meet. */
function refine(links: readonly Link[], drafts: Drafts, view: View): void {
  for (const { from, to } of links) {
    const refined = drafts.get(to.key);
    if (!refined) continue;
    const { earliest, latest } = view.body(from).occurred;
    const meets = refined.earliest.at <= latest && earliest <= refined.latest.at;
    const refining = (at: Instant): Traced => ({ at, origin: { key: from.key, next: null } });
    if (!meets || earliest > refined.earliest.at) refined.earliest = refining(earliest);
    if (!meets || latest < refined.latest.at) refined.latest = refining(latest);
  }
}

/** What is followed happened no later than its followers can have, and they no earlier than it can have. */
function narrow(graph: FollowGraph, drafts: Drafts): void {
  for (const { follower, followed } of graph.linksDown()) {
    const [from, to] = [drafts.get(follower), drafts.get(followed)];
    if (from && to && from.latest.at < to.latest.at) to.latest = through(follower, from.latest);
  }
  for (const { follower, followed } of graph.linksUp()) {
    const [from, to] = [drafts.get(follower), drafts.get(followed)];
    if (from && to && to.earliest.at > from.earliest.at) from.earliest = through(followed, to.earliest);
  }
}

function settle(draft: Draft | undefined, published: readonly PublishedAt[]): void {
  if (!draft) return;
  const publication = firstWithin(draft, published);
  draft.settled = publication ? publishedBy(publication) : draft.latest;
}

const publishedBy = ({ at, attachedBy }: PublishedAt): Traced => ({
  at,
  origin: attachedBy === undefined ? null : { key: attachedBy, next: null },
});

const firstWithin = ({ earliest, latest }: Draft, published: readonly PublishedAt[]): PublishedAt | undefined =>
  published.find(({ at }) => earliest.at <= at && at <= latest.at);

/** What an event follows had happened by the event's own settled start. */
function lowerSettled(graph: FollowGraph, drafts: Drafts): void {
  for (const { follower, followed } of graph.linksDown()) {
    const [from, to] = [drafts.get(follower), drafts.get(followed)];
    if (!from || !to || from.settled.at >= to.settled.at || to.settled.at <= to.earliest.at) continue;
    to.settled = from.settled.at < to.earliest.at ? to.earliest : through(follower, from.settled);
  }
}

/** An event that is told within its bounds is ordered by when it settles, a vague one by when it may have begun. */
function order(draft: Draft | undefined, published: readonly PublishedAt[]): void {
  if (!draft) return;
  const isOrderKnown = draft.earliest.at === -Infinity || firstWithin(draft, published) !== undefined;
  draft.orderedAt = isOrderKnown ? draft.settled : draft.earliest;
  draft.isVague = !isOrderKnown && draft.earliest.at < draft.latest.at;
}

function raiseOrder(graph: FollowGraph, drafts: Drafts): void {
  for (const { follower, followed } of graph.linksUp()) {
    const [from, to] = [drafts.get(follower), drafts.get(followed)];
    if (from && to && to.orderedAt.at > from.orderedAt.at) from.orderedAt = through(followed, to.orderedAt);
  }
}

const meet = (one: Draft | undefined, other: Draft | undefined): boolean =>
  one !== undefined && other !== undefined && one.earliest.at <= other.latest.at && other.earliest.at <= one.latest.at;

const isBefore = (one: Draft | undefined, other: Draft | undefined): boolean =>
  one !== undefined && other !== undefined && one.latest.at < other.earliest.at;
