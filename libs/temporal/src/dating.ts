import { type Instant, type RecordedEvent, instant } from '#domain';
import type { PublishedAt } from './publications.js';
import { type View, ordinalOf } from './view.js';

/** When one event happened, after the links that date have acted. Bounds are inclusive instants. */
export interface Dating {
  readonly earliest: Instant;
  readonly latest: Instant;
  /** From when on the event counts: its latest bound, or its first known publication within the bounds. */
  readonly settled: Instant;
  /** Place among events that follow each other: above every event that this one follows. */
  readonly rank: number;
  /** Keys of the events whose dates, links or publications made this dating what it is. */
  readonly datedBy: readonly string[];
  /** True when a `follows` points to an event that happened wholly later: it is then just a link. */
  readonly followsWrongWay: boolean;
}

interface Bounds {
  earliest: Instant;
  latest: Instant;
  readonly datedBy: Set<string>;
}

interface Link {
  readonly from: RecordedEvent;
  readonly to: RecordedEvent;
}

/** The dating of each visible event. The events must hold both ends of every dating link among them that is to act. */
export function datingsOf(visible: readonly RecordedEvent[], view: View): ReadonlyMap<string, Dating> {
  const bounds = new Map(visible.map((event) => [event.key, ownBounds(event, view)]));
  refine(datingLinks(visible, view, 'refines-date-of').sort(inOrderOf(view)), bounds, view);

  const follows = datingLinks(visible, view, 'follows');
  const acting = follows.filter(({ from, to }) => meet(bounds.get(from.key), bounds.get(to.key)));
  const wrongWay = new Set(
    follows.filter(({ from, to }) => isBefore(bounds.get(from.key), bounds.get(to.key))).map(({ from }) => from.key),
  );
  propagate(acting, bounds);
  const ranks = ranksOf(acting);

  return new Map(
    visible.map((event) => {
      const { earliest, latest, datedBy } = bounds.get(event.key) ?? ownBounds(event, view);
      const publication = firstWithin(view.published(event), { earliest, latest });
      return [
        event.key,
        {
          earliest,
          latest,
          settled: publication?.at ?? latest,
          rank: ranks.get(event.key) ?? 0,
          datedBy: [...datedBy, ...attachedBefore(view.published(event))],
          followsWrongWay: wrongWay.has(event.key),
        },
      ];
    }),
  );
}

/** The dating of an event on its own: what a retracted event is listed by. */
export function ownDatingOf(event: RecordedEvent, view: View): Dating {
  const { earliest, latest } = ownBounds(event, view);
  const publication = firstWithin(view.published(event), { earliest, latest });
  return { earliest, latest, settled: publication?.at ?? latest, rank: 0, datedBy: [], followsWrongWay: false };
}

const ownBounds = (event: RecordedEvent, view: View): Bounds => {
  const { earliest, latest } = view.body(event).occurred;
  return { earliest, latest, datedBy: new Set() };
};

const firstWithin = (
  published: readonly PublishedAt[],
  { earliest, latest }: Pick<Bounds, 'earliest' | 'latest'>,
): PublishedAt | undefined => published.find(({ at }) => earliest <= at && at <= latest);

const attachedBefore = (published: readonly PublishedAt[]): readonly string[] =>
  published.flatMap(({ attachedBy }) => attachedBy ?? []);

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

function refine(links: readonly Link[], bounds: ReadonlyMap<string, Bounds>, view: View): void {
  for (const { from, to } of links) {
    const refined = bounds.get(to.key);
    if (!refined) continue;
    const own = view.body(from).occurred;
    const meets = meet(refined, own);
    refined.earliest = meets ? later(refined.earliest, own.earliest) : own.earliest;
    refined.latest = meets ? earlier(refined.latest, own.latest) : own.latest;
    refined.datedBy.add(from.key);
  }
}

/**
 * Narrows bounds along `follows` until nothing moves.
 *
 * Which links act is settled before, from the refined bounds, so the order of the links cannot matter. Bounds only
 * ever take one of the finitely many bounds they started with, so it ends, even on a cycle that should not be there.
 */
function propagate(acting: readonly Link[], bounds: ReadonlyMap<string, Bounds>): void {
  const touching = new Map<string, Link[]>();
  for (const link of acting)
    for (const end of [link.from.key, link.to.key]) touching.set(end, [...(touching.get(end) ?? []), link]);

  const pending = new Set(acting);
  for (const link of pending) {
    pending.delete(link);
    for (const moved of narrow(link, bounds)) for (const next of touching.get(moved) ?? []) pending.add(next);
  }
}

/** Applies one `follows`; answers the keys whose bounds moved. */
function narrow({ from, to }: Link, bounds: ReadonlyMap<string, Bounds>): readonly string[] {
  const follower = bounds.get(from.key);
  const followed = bounds.get(to.key);
  if (!follower || !followed) return [];
  follower.datedBy.add(to.key);
  followed.datedBy.add(from.key);
  const moved: string[] = [];
  if (follower.latest < followed.latest) {
    followed.latest = follower.latest;
    moved.push(to.key);
  }
  if (followed.earliest > follower.earliest) {
    follower.earliest = followed.earliest;
    moved.push(from.key);
  }
  return moved;
}

/** The rank of each event that follows another: the longest way down the acting links. */
function ranksOf(acting: readonly Link[]): ReadonlyMap<string, number> {
  const followed = new Map<string, string[]>();
  for (const { from, to } of acting) followed.set(from.key, [...(followed.get(from.key) ?? []), to.key]);
  const ranks = new Map<string, number>();
  for (const start of followed.keys()) rankFrom(start, followed, ranks);
  return ranks;
}

/** Walks with a stack of its own: a chain of followers may be longer than the call stack is deep. */
function rankFrom(start: string, followed: ReadonlyMap<string, readonly string[]>, ranks: Map<string, number>): void {
  const stack = [start];
  const open = new Set<string>();
  for (let key = stack.at(-1); key !== undefined; key = stack.at(-1)) {
    const below = followed.get(key) ?? [];
    const unranked = below.filter((next) => !ranks.has(next) && !open.has(next));
    if (unranked.length > 0 && !ranks.has(key)) {
      open.add(key);
      stack.push(...unranked);
      continue;
    }
    if (!ranks.has(key))
      ranks.set(key, below.length === 0 ? 0 : 1 + Math.max(...below.map((next) => ranks.get(next) ?? 0)));
    stack.pop();
  }
}

const meet = (
  one: Pick<Bounds, 'earliest' | 'latest'> | undefined,
  other: Pick<Bounds, 'earliest' | 'latest'> | undefined,
): boolean => one !== undefined && other !== undefined && one.earliest <= other.latest && other.earliest <= one.latest;

const isBefore = (one: Bounds | undefined, other: Bounds | undefined): boolean =>
  one !== undefined && other !== undefined && one.latest < other.earliest;

const later = (one: Instant, other: Instant): Instant => instant(Math.max(one, other));
const earlier = (one: Instant, other: Instant): Instant => instant(Math.min(one, other));
