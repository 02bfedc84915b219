import type { Instant, RecordedEvent } from '#domain/facts';
import { type Neighbour, followGraphOf, neighboursAmong } from './follow-graph.js';
import {
  type ActingFollows,
  type TracedBounds,
  type TracedOrder,
  type OwnDate,
  type Traced,
  selectActingFollows,
  inOrderOfRefinement,
  keysBehind,
  lowerSettled,
  raiseToFollowed,
  lowerToFollowers,
  orderOf,
  ownDateOf,
  rankAbove,
  refineBounds,
  settledStart,
} from './dating-rules.js';
import type { View } from '../records/view.js';
import { type PausingWork, finish } from '../time/pausing-work.js';

/** The date of one event after all dating links have been applied. Bounds are inclusive instants. */
export interface Dating {
  readonly earliest: Instant;
  readonly latest: Instant;
  /**
   * The instant from which the event counts: its latest bound, or its first known publication within the bounds; never
   * later than that of any event that follows it.
   */
  readonly settled: Instant;
  /** The instant by which it is ordered: never later than `settled`, nor earlier than that of any event it follows. */
  readonly orderedAt: Instant;
  /** True if it is ordered by its earliest bound, though it may have happened at any time up to its latest. */
  readonly isVague: boolean;
  /** Rank among events that follow each other: higher than that of every event that this one follows. */
  readonly rank: number;
  /** Keys of the events that this one follows, where the link acts. */
  readonly follows: readonly string[];
  /** Keys of the events whose dates, links or publications determined this dating; none that made no difference. */
  readonly datedBy: readonly string[];
  /** True if a `follows` link points to an event that happened entirely later; such a link dates nothing. */
  readonly followsWrongWay: boolean;
}

/** The results of all dating rules for one event. */
export interface DatingParts extends TracedBounds {
  readonly acting: ActingFollows;
  readonly settled: Traced;
  readonly order: TracedOrder;
  readonly rank: number;
}

export const datingOf = ({ earliest, latest, settled, order, rank, acting }: DatingParts): Dating => ({
  earliest: earliest.at,
  latest: latest.at,
  settled: settled.at,
  orderedAt: order.orderedAt.at,
  isVague: order.isVague,
  rank,
  follows: acting.followed,
  datedBy: keysBehind([earliest, latest, settled, order.orderedAt]),
  followsWrongWay: acting.isWrongWay,
});

/** Dates each visible event. Both ends of every dating link that is to act must be among the events. */
export const datingsOf = (visible: readonly RecordedEvent[], view: View): ReadonlyMap<string, Dating> =>
  finish(datingSteps(visible, view));

/** {@link datingsOf}, pausing after each pass over the events. */
export function* datingSteps(visible: readonly RecordedEvent[], view: View): PausingWork<ReadonlyMap<string, Dating>> {
  const own = visible.map((event) => ownDateOf(event, view));
  yield;
  const refined = refineAll(own);
  yield;
  // Which `follows` act is decided by the refined bounds, before any is narrowed, so that their order cannot matter.
  const linked = mapValues(refined, (event) => addActingFollows(refined, event));
  yield;
  const graph = followGraphOf(mapValues(linked, ({ acting }) => acting.followed));
  yield;
  const bounded = graph.down(linked, withLatest);
  yield;
  const narrowed = graph.up(bounded, withEarliest);
  yield;
  const settled = graph.down(narrowed, withSettled);
  yield;
  const ordered = graph.up(settled, withOrder);
  yield;
  const ranked = graph.up(ordered, withRank);
  yield;
  return mapValues(ranked, datingOf);
}

interface Refined {
  readonly own: OwnDate;
  readonly refined: TracedBounds;
}

type Linked = Refined & Pick<DatingParts, 'acting'>;
type WithLatest = Linked & Pick<DatingParts, 'latest'>;
type Narrowed = WithLatest & Pick<DatingParts, 'earliest'>;
type WithSettled = Narrowed & Pick<DatingParts, 'settled'>;
type WithOrder = WithSettled & Pick<DatingParts, 'order'>;

function refineAll(dates: readonly OwnDate[]): ReadonlyMap<string, Refined> {
  const refiners = new Map<string, OwnDate[]>();
  for (const date of dates.toSorted(inOrderOfRefinement))
    for (const key of date.refines) refiners.set(key, [...(refiners.get(key) ?? []), date]);
  return new Map(
    dates.map((own) => [own.event.key, { own, refined: refineBounds(own, refiners.get(own.event.key) ?? []) }]),
  );
}

const addActingFollows = (all: ReadonlyMap<string, Refined>, { own, refined }: Refined): Linked => ({
  own,
  refined,
  acting: selectActingFollows(
    refined,
    mapNeighbours(neighboursAmong(all, own.follows), (event) => event.refined),
  ),
});

const withLatest = (event: Linked, followers: readonly Neighbour<WithLatest>[]): WithLatest => ({
  ...event,
  latest: lowerToFollowers(
    event.refined.latest,
    mapNeighbours(followers, ({ latest }) => latest),
  ),
});

const withEarliest = (event: WithLatest, followed: readonly Neighbour<Narrowed>[]): Narrowed => ({
  ...event,
  earliest: raiseToFollowed(
    event.refined.earliest,
    mapNeighbours(followed, ({ earliest }) => earliest),
  ),
});

const withSettled = (event: Narrowed, followers: readonly Neighbour<WithSettled>[]): WithSettled => ({
  ...event,
  settled: lowerSettled(
    settledStart(event, event.own.published),
    event.earliest,
    mapNeighbours(followers, ({ settled }) => settled),
  ),
});

function withOrder(event: WithSettled, followed: readonly Neighbour<WithOrder>[]): WithOrder {
  const { orderedAt, isVague } = orderOf(event, event.settled, event.own.published);
  const raised = raiseToFollowed(
    orderedAt,
    mapNeighbours(followed, ({ order }) => order.orderedAt),
  );
  return { ...event, order: { orderedAt: raised, isVague } };
}

const withRank = (event: WithOrder, followed: readonly Neighbour<DatingParts>[]): DatingParts => ({
  ...event,
  rank: rankAbove(followed.map(({ value }) => value.rank)),
});

/** The same neighbours, each with one part of its value. */
const mapNeighbours = <Value, Part>(
  neighbours: readonly Neighbour<Value>[],
  part: (value: Value) => Part,
): Neighbour<Part>[] => neighbours.map(({ key, value }) => ({ key, value: part(value) }));

const mapValues = <From, To>(values: ReadonlyMap<string, From>, next: (value: From) => To): ReadonlyMap<string, To> =>
  new Map([...values].map(([key, value]) => [key, next(value)]));

/** Dates an event by itself, without links: retracted events are listed by this date. */
export function ownDatingOf(event: RecordedEvent, view: View): Dating {
  const own = ownDateOf(event, view);
  const bounds = refineBounds(own, []);
  const settled = settledStart(bounds, own.published);
  const order = orderOf(bounds, settled, own.published);
  return datingOf({ ...bounds, settled, order, rank: 0, acting: { followed: [], isWrongWay: false } });
}
