import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '#domain/facts';
import { ActingLinks } from './acting-links.js';
import type { Interval } from '../time/coordinate.js';
import { type Dating, datingOf } from './dating.js';
import type { DatingLinks } from '../records/dating-links.js';
import {
  type ActingFollows,
  type TracedBounds,
  type TracedOrder,
  type OwnDate,
  type Traced,
  selectActingFollows,
  inOrderOfRefinement,
  lowerSettled,
  raiseToFollowed,
  lowerToFollowers,
  orderOf,
  rankAbove,
  refineBounds,
  isSameBounds,
  isSameOrder,
  isSameTraced,
  settledStart,
} from './dating-rules.js';
import type { Neighbour } from './follow-graph.js';
import { type Pieces, PiecesByKey, cutsFrom, stretchesOf } from '../time/pieces.js';
import type { PausingWork } from '../time/pausing-work.js';
import type { PolicyHistory } from '../records/policy-history.js';
import { addEverRelated, relativesOf } from './relatives.js';
import { ChangedSince, propagate } from '../time/since.js';

/** An event whose own date may have changed, with its new date at any known time. */
export interface OwnChange {
  readonly key: string;
  /** The instants of known time, in order, at which its own date may change. */
  readonly cuts: readonly Instant[];
  /** Undefined while it is not visible. */
  readonly dateAt: (at: Instant) => OwnDate | undefined;
}

/** A change in the datings of a policy's events. */
export interface DatingChange {
  /** The events whose dating changed, and since which known time. */
  readonly dated: ChangedSince;
  /** Keys of the events whose set of acting `follows` links changed. */
  readonly relinked: readonly string[];
}

/**
 * A ledger of when each event of a policy happened, for all of known time, at the newest position.
 *
 * Guarantee: at every known time the datings are those of `datingsOf`. A change is propagated along the links only as far as it makes a
 * difference, and each event is computed after those on which it depends: the work is proportional to the number of
 * events whose dating changes, and to their links.
 */
export class DatingLedger {
  readonly #entered = new Set<string>();
  readonly #own = new PiecesByKey<OwnDate>(isDeepStrictEqual);
  readonly #bounds = new PiecesByKey<TracedBounds>(isSameBounds);
  readonly #acting = new PiecesByKey<ActingFollows>(isDeepStrictEqual);
  readonly #latest = new PiecesByKey<Traced>(isSameTraced);
  readonly #earliest = new PiecesByKey<Traced>(isSameTraced);
  readonly #settled = new PiecesByKey<Traced>(isSameTraced);
  readonly #order = new PiecesByKey<TracedOrder>(isSameOrder);
  readonly #rank = new PiecesByKey<number>(Object.is);
  readonly #links: DatingLinks;
  /** Links that never act are left out: an event may be followed by many events whose dates never overlap its own. */
  readonly #actingLinks = new ActingLinks();

  constructor(private readonly history: PolicyHistory) {
    this.#links = history.datingLinks;
  }

  /** The number of pieces of known time that are kept, over all properties of all events. */
  get size(): number {
    const kept = [this.#own, this.#bounds, this.#acting, this.#latest, this.#earliest, this.#settled, this.#order];
    return kept.reduce((sum, { size }) => sum + size, this.#rank.size);
  }

  /** True for an event that was ever renewed: the dating of any other event is its own date. */
  has(key: string): boolean {
    return this.#entered.has(key);
  }

  /** The dating of an event at a known time; undefined while it is not visible. */
  at(key: string, at: Instant): Dating | undefined {
    const [acting, earliest, latest] = [this.#acting.at(key, at), this.#earliest.at(key, at), this.#latest.at(key, at)];
    const [settled, order, rank] = [this.#settled.at(key, at), this.#order.at(key, at), this.#rank.at(key, at)];
    if (!acting || !earliest || !latest || !settled || !order || rank === undefined) return undefined;
    return datingOf({ acting, earliest, latest, settled, order, rank });
  }

  /** The instants from `since` on at which the dating of an event changes, and `since` itself. */
  cutsOf(key: string, since: Instant): readonly Instant[] {
    const parts = [this.#acting, this.#earliest, this.#latest, this.#settled, this.#order, this.#rank];
    return cutsFrom(
      since,
      parts.map((part) => part.of(key)),
    );
  }

  /** The events that an event follows, or that follow it, directly or indirectly, with the known times at which they do. */
  relativesOf(key: string): ReadonlyMap<string, readonly Interval[]> {
    return relativesOf(key, {
      followersOf: this.#links.followersOf,
      followedBy: this.#links.followedBy,
      actsOver: (follower, followed) =>
        stretchesOf(this.#acting.of(follower), (acting) => acting.followed.includes(followed)),
    });
  }

  /** Keys of the events themselves, and of all events whose relatives may change with their links. */
  addEverRelated(keys: readonly string[]): ReadonlySet<string> {
    return addEverRelated(keys, this.#links);
  }

  /** Takes account of new own dates, pausing after each event that may be dated otherwise. */
  *renew(changes: readonly OwnChange[]): PausingWork<DatingChange> {
    const own = new ChangedSince();
    const entering = new Set(changes.map(({ key }) => key).filter((key) => !this.#entered.has(key)));
    for (const key of entering) this.#entered.add(key);
    for (const { key, cuts, dateAt } of changes) own.add(key, this.#own.renew(key, cuts, dateAt));
    const { followersOf, refinedBy } = this.#links;
    const bounds = yield* this.#renewBounds(new ChangedSince(own, own.along(refinedBy)));
    const linked = yield* this.#renewActing(new ChangedSince(own, bounds, bounds.along(followersOf)));
    const atBothEnds = new ChangedSince(
      linked,
      linked.along((key) => this.#renewActingLinks(key)),
    );
    const latest = yield* this.#renewLatest(new ChangedSince(bounds, atBothEnds));
    const earliest = yield* this.#renewEarliest(new ChangedSince(bounds, atBothEnds));
    const settled = yield* this.#renewSettled(new ChangedSince(own, latest, earliest, atBothEnds));
    const order = yield* this.#renewOrder(new ChangedSince(own, latest, earliest, settled, atBothEnds));
    const rank = yield* this.#renewRank(new ChangedSince(bounds, atBothEnds));
    return {
      dated: new ChangedSince(linked, latest, earliest, settled, order, rank),
      relinked: [...linked].map(([key]) => key).filter((key) => !entering.has(key)),
    };
  }

  /** Updates the acting links of an event; returns the keys that it follows at some time now, or did before. */
  #renewActingLinks(key: string): readonly string[] {
    const event = this.history.event(key);
    return event ? [...this.#actingLinks.renew(event, this.#acting.of(key))] : [];
  }

  #renewBounds(stale: ChangedSince): PausingWork<ChangedSince> {
    const { refinersOf } = this.#links;
    return this.#renewValues(stale, this.#bounds, {
      inputsOf: (key) => [this.#own.of(key), ...refinersOf(key).map((refiner) => this.#own.of(refiner))],
      valueOf: (key, at) => {
        const own = this.#own.at(key, at);
        const refiners = refinersOf(key)
          .flatMap((refiner) => this.#own.at(refiner, at) ?? [])
          .filter(({ refines }) => refines.includes(key));
        return own && refineBounds(own, refiners.sort(inOrderOfRefinement));
      },
    });
  }

  #renewActing(stale: ChangedSince): PausingWork<ChangedSince> {
    const { followedBy } = this.#links;
    return this.#renewValues(stale, this.#acting, {
      inputsOf: (key) => [this.#own.of(key), ...[key, ...followedBy(key)].map((end) => this.#bounds.of(end))],
      valueOf: (key, at) => {
        const [own, bounds] = [this.#own.at(key, at), this.#bounds.at(key, at)];
        return own && bounds && selectActingFollows(bounds, neighboursAt(this.#bounds, own.follows, at));
      },
    });
  }

  #renewLatest(stale: ChangedSince): PausingWork<ChangedSince> {
    return this.#renewValues(stale, this.#latest, {
      inputsOf: (key) => [this.#bounds.of(key), ...this.#followerInputsOf(key, this.#latest)],
      valueOf: (key, at) => {
        const bounds = this.#bounds.at(key, at);
        return bounds && lowerToFollowers(bounds.latest, this.#followersAt(key, at, this.#latest));
      },
      dependents: this.#actingLinks.followedBy,
      lastFirst: true,
    });
  }

  #renewEarliest(stale: ChangedSince): PausingWork<ChangedSince> {
    return this.#renewValues(stale, this.#earliest, {
      inputsOf: (key) => [this.#bounds.of(key), ...this.#followedInputsOf(key, this.#earliest)],
      valueOf: (key, at) => {
        const bounds = this.#bounds.at(key, at);
        return bounds && raiseToFollowed(bounds.earliest, this.#followedAt(key, at, this.#earliest));
      },
      dependents: this.#actingLinks.followersOf,
    });
  }

  #renewSettled(stale: ChangedSince): PausingWork<ChangedSince> {
    return this.#renewValues(stale, this.#settled, {
      inputsOf: (key) => [...this.#dateInputsOf(key), ...this.#followerInputsOf(key, this.#settled)],
      valueOf: (key, at) => {
        const date = this.#dateAt(key, at);
        if (!date) return undefined;
        const own = settledStart(date, date.published);
        return lowerSettled(own, date.earliest, this.#followersAt(key, at, this.#settled));
      },
      dependents: this.#actingLinks.followedBy,
      lastFirst: true,
    });
  }

  #renewOrder(stale: ChangedSince): PausingWork<ChangedSince> {
    return this.#renewValues(stale, this.#order, {
      inputsOf: (key) => [
        ...this.#dateInputsOf(key),
        this.#settled.of(key),
        ...this.#followedInputsOf(key, this.#order),
      ],
      valueOf: (key, at) => {
        const [date, settled] = [this.#dateAt(key, at), this.#settled.at(key, at)];
        if (!date || !settled) return undefined;
        const { orderedAt, isVague } = orderOf(date, settled, date.published);
        const followed = this.#followedAt(key, at, this.#order);
        return {
          orderedAt: raiseToFollowed(
            orderedAt,
            followed.map(({ key: other, value }) => ({ key: other, value: value.orderedAt })),
          ),
          isVague,
        };
      },
      dependents: this.#actingLinks.followersOf,
    });
  }

  #renewRank(stale: ChangedSince): PausingWork<ChangedSince> {
    return this.#renewValues(stale, this.#rank, {
      inputsOf: (key) => [this.#bounds.of(key), ...this.#followedInputsOf(key, this.#rank)],
      valueOf: (key, at) => {
        if (!this.#bounds.at(key, at)) return undefined;
        const rank = rankAbove(this.#followedAt(key, at, this.#rank).map(({ value }) => value));
        // On a cycle, which is refused at recording, it would rise without end.
        return Math.min(rank, this.history.events.length);
      },
      dependents: this.#actingLinks.followersOf,
    });
  }

  #renewValues<Value>(stale: ChangedSince, values: PiecesByKey<Value>, rule: Rule<Value>): PausingWork<ChangedSince> {
    const { inputsOf, valueOf, dependents = () => [], lastFirst = false } = rule;
    const sign = lastFirst ? -1 : 1;
    return propagate(stale, {
      orderOf: (key) => sign * (this.history.event(key)?.position ?? 0),
      renew: (key, since) => values.renew(key, cutsFrom(since, inputsOf(key)), (at) => valueOf(key, at)),
      dependents,
    });
  }

  #dateInputsOf(key: string): readonly Pieces<unknown>[] {
    return [this.#own.of(key), this.#earliest.of(key), this.#latest.of(key)];
  }

  #dateAt(key: string, at: Instant): (TracedBounds & Pick<OwnDate, 'published'>) | undefined {
    const [own, earliest, latest] = [this.#own.at(key, at), this.#earliest.at(key, at), this.#latest.at(key, at)];
    return own && earliest && latest && { earliest, latest, published: own.published };
  }

  #followerInputsOf(key: string, values: OverTime): readonly Pieces<unknown>[] {
    return this.#actingLinks.followersOf(key).flatMap((follower) => [this.#acting.of(follower), values.of(follower)]);
  }

  #followedInputsOf(key: string, values: OverTime): readonly Pieces<unknown>[] {
    return [this.#acting.of(key), ...this.#actingLinks.followedBy(key).map((followed) => values.of(followed))];
  }

  /** The events that follow an event at a known time, in order of position. */
  #followersAt<Value>(key: string, at: Instant, values: PiecesByKey<Value>): readonly Neighbour<Value>[] {
    const acting = this.#actingLinks
      .followersOf(key)
      .filter((follower) => this.#acting.at(follower, at)?.followed.includes(key));
    return neighboursAt(values, acting, at);
  }

  /** The events that an event follows at a known time, in the order of its links. */
  #followedAt<Value>(key: string, at: Instant, values: PiecesByKey<Value>): readonly Neighbour<Value>[] {
    return neighboursAt(values, this.#acting.at(key, at)?.followed ?? [], at);
  }
}

type OverTime = Pick<PiecesByKey<unknown>, 'of'>;

/** A rule that computes one property of each event from its other properties and its neighbours. */
interface Rule<Value> {
  /** The values over known time that the result depends on. */
  readonly inputsOf: (key: string) => readonly Pieces<unknown>[];
  readonly valueOf: (key: string, at: Instant) => Value | undefined;
  /** Keys of the events whose value depends on that of this one. */
  readonly dependents?: (key: string) => readonly string[];
  /** True if events recorded last are computed first. */
  readonly lastFirst?: boolean;
}

function neighboursAt<Value>(
  values: PiecesByKey<Value>,
  keys: readonly string[],
  at: Instant,
): readonly Neighbour<Value>[] {
  return keys.flatMap((key) => {
    const value = values.at(key, at);
    return value === undefined ? [] : [{ key, value }];
  });
}
