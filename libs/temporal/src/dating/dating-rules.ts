import type { Instant, RecordedEvent } from '#domain/facts';
import { ordinalOf } from '../records/account.js';
import type { Neighbour } from './follow-graph.js';
import { type PublishedAt, firstWithin } from '../records/publications.js';
import type { View } from '../records/view.js';

/**
 * The rules by which events date each other, each for one event, given the results of its neighbours.
 *
 * Two implementations apply them with equal results: `datingsOf` for all events at one state of knowledge, and
 * `DatingLedger` for all of known time, event by event.
 */

/** The date that a visible event gives itself, according to its body in force. */
export interface OwnDate {
  readonly event: RecordedEvent;
  readonly earliest: Instant;
  readonly latest: Instant;
  /** Keys of the events whose dates it refines. */
  readonly refines: readonly string[];
  /** Keys of the events that it is said to follow. */
  readonly follows: readonly string[];
  /** Its publications known by then, earliest first. */
  readonly published: readonly PublishedAt[];
  readonly knownFrom: Instant;
  readonly ordinal: number;
}

/** Keys of the events from which an event took an instant, the nearest first; null if the instant is its own. */
type Origin = { readonly key: string; readonly next: Origin } | null;

/** An instant, with the events from which it was taken. */
export interface Traced {
  readonly at: Instant;
  readonly origin: Origin;
}

/** The earliest and the latest instant at which an event can have happened, both inclusive. */
export interface TracedBounds {
  readonly earliest: Traced;
  readonly latest: Traced;
}

/** The `follows` links of an event that act, and whether one of the others points the wrong way. */
export interface ActingFollows {
  readonly followed: readonly string[];
  readonly isWrongWay: boolean;
}

/** The instant by which an event is ordered, and whether that is only its earliest bound. */
export interface TracedOrder {
  readonly orderedAt: Traced;
  readonly isVague: boolean;
}

/** An instant received from a neighbour. */
type Flow = Neighbour<Traced>;

export function ownDateOf(event: RecordedEvent, view: View): OwnDate {
  const body = view.body(event);
  const { occurred, links = [] } = body;
  const linked = (wanted: string): readonly string[] => links.filter(({ rel }) => rel === wanted).map(({ to }) => to);
  return {
    event,
    earliest: occurred.earliest,
    latest: occurred.latest,
    refines: linked('refines-date-of'),
    follows: linked('follows'),
    published: view.published(event),
    knownFrom: view.publications.knownFrom(event),
    ordinal: ordinalOf(body),
  };
}

/** Compares refinements by the order in which they act. */
export const inOrderOfRefinement = (one: OwnDate, other: OwnDate): number =>
  one.knownFrom - other.knownFrom || one.ordinal - other.ordinal || one.event.position - other.event.position;

/** Applies refinements in order: each narrows the bounds to its own date, or replaces them if the two do not overlap. */
export const refineBounds = (own: OwnDate, inOrder: readonly OwnDate[]): TracedBounds =>
  inOrder.reduce<TracedBounds>(narrowBounds, { earliest: traceOwn(own.earliest), latest: traceOwn(own.latest) });

function narrowBounds(bounds: TracedBounds, { event, earliest, latest }: OwnDate): TracedBounds {
  const isApart = bounds.earliest.at > latest || earliest > bounds.latest.at;
  const refining = (at: Instant): Traced => ({ at, origin: { key: event.key, next: null } });
  return {
    earliest: isApart || earliest > bounds.earliest.at ? refining(earliest) : bounds.earliest,
    latest: isApart || latest < bounds.latest.at ? refining(latest) : bounds.latest,
  };
}

/** Selects, from the events that one is said to follow, those that it can follow, given all refined bounds. */
export function selectActingFollows(own: TracedBounds, linked: readonly Neighbour<TracedBounds>[]): ActingFollows {
  const isBefore = (one: TracedBounds, other: TracedBounds): boolean => one.latest.at < other.earliest.at;
  const meet = ({ earliest, latest }: TracedBounds): boolean =>
    own.earliest.at <= latest.at && earliest.at <= own.latest.at;
  return {
    followed: linked.filter(({ value }) => meet(value)).map(({ key }) => key),
    isWrongWay: linked.some(({ value }) => isBefore(own, value)),
  };
}

/** Lowers the latest bound of an event to the latest bounds of its followers. */
export function lowerToFollowers(own: Traced, followers: readonly Flow[]): Traced {
  const least = leastOf(followers);
  return least && least.value.at < own.at ? traceThrough(least) : own;
}

/** Raises an earliest bound, or an order, of a follower to those of the events that it follows. */
export function raiseToFollowed(own: Traced, followed: readonly Flow[]): Traced {
  const greatest = greatestOf(followed);
  return greatest && greatest.value.at > own.at ? traceThrough(greatest) : own;
}

/** The settled start of an event: its first publication within its bounds, else its latest bound. */
export function settledStart({ earliest, latest }: TracedBounds, published: readonly PublishedAt[]): Traced {
  const publication = publicationWithin({ earliest, latest }, published);
  return publication ? tracePublication(publication) : latest;
}

/** Lowers the settled start of an event to those of its followers, but never below its earliest bound. */
export function lowerSettled(own: Traced, earliest: Traced, followers: readonly Flow[]): Traced {
  const least = leastOf(followers);
  if (!least || least.value.at >= own.at || own.at <= earliest.at) return own;
  return least.value.at < earliest.at ? earliest : traceThrough(least);
}

/** An event published within its bounds is ordered by its settled start, any other by its earliest bound. */
export function orderOf(bounds: TracedBounds, settled: Traced, published: readonly PublishedAt[]): TracedOrder {
  const isOrderKnown = bounds.earliest.at === -Infinity || publicationWithin(bounds, published) !== undefined;
  return {
    orderedAt: isOrderKnown ? settled : bounds.earliest,
    isVague: !isOrderKnown && bounds.earliest.at < bounds.latest.at,
  };
}

/** The rank above those of the events that are followed. */
export const rankAbove = (followed: readonly number[]): number =>
  followed.reduce((rank, below) => Math.max(rank, below + 1), 0);

/** Keys of the events from which any of the instants was taken. */
export function keysBehind(traced: readonly Traced[]): readonly string[] {
  const keys = new Set<string>();
  for (const { origin } of traced) for (let last = origin; last; last = last.next) keys.add(last.key);
  return [...keys];
}

/** True if both are the same instant, taken from the same events. */
export function isSameTraced(one: Traced, other: Traced): boolean {
  let [left, right] = [one.origin, other.origin];
  while (left && right && left !== right && left.key === right.key) [left, right] = [left.next, right.next];
  return one.at === other.at && left === right;
}

export const isSameBounds = (one: TracedBounds, other: TracedBounds): boolean =>
  isSameTraced(one.earliest, other.earliest) && isSameTraced(one.latest, other.latest);

export const isSameOrder = (one: TracedOrder, other: TracedOrder): boolean =>
  one.isVague === other.isVague && isSameTraced(one.orderedAt, other.orderedAt);

const traceOwn = (at: Instant): Traced => ({ at, origin: null });

const traceThrough = ({ key, value: { at, origin } }: Flow): Traced => ({ at, origin: { key, next: origin } });

const tracePublication = ({ at, attachedBy }: PublishedAt): Traced => ({
  at,
  origin: attachedBy === undefined ? null : { key: attachedBy, next: null },
});

const publicationWithin = (
  { earliest, latest }: TracedBounds,
  published: readonly PublishedAt[],
): PublishedAt | undefined => firstWithin({ earliest: earliest.at, latest: latest.at }, published);

/** The neighbour with the least instant; of equal ones the first. */
const leastOf = (flows: readonly Flow[]): Flow | undefined =>
  flows.reduce<Flow | undefined>((least, flow) => (least && least.value.at <= flow.value.at ? least : flow), undefined);

const greatestOf = (flows: readonly Flow[]): Flow | undefined =>
  flows.reduce<Flow | undefined>((most, flow) => (most && most.value.at >= flow.value.at ? most : flow), undefined);
