import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '#domain';
import { ActingLinks } from './acting-links.js';
import type { Interval } from '../time/coordinate.js';
import { type Dating, datingOf } from './dating.js';
import type { DatingLinks } from '../records/dating-links.js';
import {
  type ActingFollows,
  type Bounds,
  type Ordered,
  type OwnDate,
  type Traced,
  actingFollows,
  inOrderOfRefinement,
  loweredSettled,
  noEarlierThan,
  noLaterThan,
  ordered,
  rankAbove,
  refinedBounds,
  sameBounds,
  sameOrder,
  sameTraced,
  settledStart,
} from './dating-rules.js';
import type { Neighbour } from './follow-graph.js';
import { type Pieces, PiecesByKey, cutsFrom, stretchesOf } from '../time/pieces.js';
import type { PolicyHistory } from '../records/policy-history.js';
import { everRelated, relativesOf } from './relatives.js';
import { Since, carried } from '../time/since.js';

/** An event of which something may be otherwise that is its own: its date at any known time, by all cuts of that. */
export interface OwnChange {
  readonly key: string;
  /** The instants of known time, in order, from which on its own date may be another. */
  readonly cuts: readonly Instant[];
  /** Undefined while it is not visible. */
  readonly dateAt: (at: Instant) => OwnDate | undefined;
}

/** What became otherwise in the datings of a policy's events. */
export interface DatingChange {
  /** The events that are dated otherwise, and since which known time. */
  readonly dated: Since;
  /** Keys of the events whose acting `follows` are others than they were. */
  readonly relinked: readonly string[];
}

/**
 * When each event of a policy happened, for all of known time, at the newest position.
 *
 * Guarantee: at every known time the datings are those of `datingsOf`. What changes is carried along the links only as
 * far as it makes a difference, and each event on the way is looked at after those on which it depends: work is in
 * proportion to the events that are dated otherwise, and to their links.
 */
export class DatingLedger {
  readonly #entered = new Set<string>();
  readonly #own = new PiecesByKey<OwnDate>(isDeepStrictEqual);
  readonly #bounds = new PiecesByKey<Bounds>(sameBounds);
  readonly #acting = new PiecesByKey<ActingFollows>(isDeepStrictEqual);
  readonly #latest = new PiecesByKey<Traced>(sameTraced);
  readonly #earliest = new PiecesByKey<Traced>(sameTraced);
  readonly #settled = new PiecesByKey<Traced>(sameTraced);
  readonly #order = new PiecesByKey<Ordered>(sameOrder);
  readonly #rank = new PiecesByKey<number>(Object.is);
  readonly #links: DatingLinks;
  /** A link that acts at no time carries nothing: who is followed by many whose dates never meet its own looks at none. */
  readonly #actingLinks = new ActingLinks();

  constructor(private readonly history: PolicyHistory) {
    this.#links = history.datingLinks;
  }

  /** How many pieces of known time are kept, of all that is known of each event. */
  get size(): number {
    const kept = [this.#own, this.#bounds, this.#acting, this.#latest, this.#earliest, this.#settled, this.#order];
    return kept.reduce((sum, { size }) => sum + size, this.#rank.size);
  }

  /** True of an event that was ever renewed: any other has no dating but its own. */
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

  /** The instants from `since` on at which the dating of an event becomes another, and `since` itself. */
  cutsOf(key: string, since: Instant): readonly Instant[] {
    const parts = [this.#acting, this.#earliest, this.#latest, this.#settled, this.#order, this.#rank];
    return cutsFrom(
      since,
      parts.map((part) => part.of(key)),
    );
  }

  /** The events that an event follows, or that follow it, through any number of others; and over which known times. */
  relativesOf(key: string): ReadonlyMap<string, readonly Interval[]> {
    return relativesOf(key, {
      followersOf: this.#links.followersOf,
      followedBy: this.#links.followedBy,
      actsOver: (follower, followed) =>
        stretchesOf(this.#acting.of(follower), (acting) => acting.followed.includes(followed)),
    });
  }

  /** Keys of the events themselves, and of all that may have other relatives when these follow others. */
  everRelated(keys: readonly string[]): ReadonlySet<string> {
    return everRelated(keys, this.#links);
  }

  renew(changes: readonly OwnChange[]): DatingChange {
    const own = new Since();
    const entering = new Set(changes.map(({ key }) => key).filter((key) => !this.#entered.has(key)));
    for (const key of entering) this.#entered.add(key);
    for (const { key, cuts, dateAt } of changes) own.add(key, this.#own.renew(key, cuts, dateAt));
    const { followersOf, refinedBy } = this.#links;
    const bounds = this.#renewBounds(new Since(own, own.along(refinedBy)));
    const linked = this.#renewActing(new Since(own, bounds, bounds.along(followersOf)));
    const atBothEnds = new Since(
      linked,
      linked.along((key) => this.#relinked(key)),
    );
    const latest = this.#renewLatest(new Since(bounds, atBothEnds));
    const earliest = this.#renewEarliest(new Since(bounds, atBothEnds));
    const settled = this.#renewSettled(new Since(own, latest, earliest, atBothEnds));
    const order = this.#renewOrder(new Since(own, latest, earliest, settled, atBothEnds));
    const rank = this.#renewRank(new Since(bounds, atBothEnds));
    return {
      dated: new Since(linked, latest, earliest, settled, order, rank),
      relinked: [...linked].map(([key]) => key).filter((key) => !entering.has(key)),
    };
  }

  /** Brings its acting links up to date; answers what an event now follows at some time, and what it followed. */
  #relinked(key: string): readonly string[] {
    const event = this.history.event(key);
    return event ? [...this.#actingLinks.renew(event, this.#acting.of(key))] : [];
  }

  #renewBounds(stale: Since): Since {
    const { refinersOf } = this.#links;
    return this.#renewed(stale, this.#bounds, {
      inputsOf: (key) => [this.#own.of(key), ...refinersOf(key).map((refiner) => this.#own.of(refiner))],
      valueOf: (key, at) => {
        const own = this.#own.at(key, at);
        const refiners = refinersOf(key)
          .flatMap((refiner) => this.#own.at(refiner, at) ?? [])
          .filter(({ refines }) => refines.includes(key));
        return own && refinedBounds(own, refiners.sort(inOrderOfRefinement));
      },
    });
  }

  #renewActing(stale: Since): Since {
    const { followedBy } = this.#links;
    return this.#renewed(stale, this.#acting, {
      inputsOf: (key) => [this.#own.of(key), ...[key, ...followedBy(key)].map((end) => this.#bounds.of(end))],
      valueOf: (key, at) => {
        const [own, bounds] = [this.#own.at(key, at), this.#bounds.at(key, at)];
        return own && bounds && actingFollows(bounds, neighboursAt(this.#bounds, own.follows, at));
      },
    });
  }

  #renewLatest(stale: Since): Since {
    return this.#renewed(stale, this.#latest, {
      inputsOf: (key) => [this.#bounds.of(key), ...this.#followersOver(key, this.#latest)],
      valueOf: (key, at) => {
        const bounds = this.#bounds.at(key, at);
        return bounds && noLaterThan(bounds.latest, this.#followersAt(key, at, this.#latest));
      },
      dependents: this.#actingLinks.followedBy,
      lastFirst: true,
    });
  }

  #renewEarliest(stale: Since): Since {
    return this.#renewed(stale, this.#earliest, {
      inputsOf: (key) => [this.#bounds.of(key), ...this.#followedOver(key, this.#earliest)],
      valueOf: (key, at) => {
        const bounds = this.#bounds.at(key, at);
        return bounds && noEarlierThan(bounds.earliest, this.#followedAt(key, at, this.#earliest));
      },
      dependents: this.#actingLinks.followersOf,
    });
  }

  #renewSettled(stale: Since): Since {
    return this.#renewed(stale, this.#settled, {
      inputsOf: (key) => [...this.#datesOf(key), ...this.#followersOver(key, this.#settled)],
      valueOf: (key, at) => {
        const date = this.#dateAt(key, at);
        if (!date) return undefined;
        const own = settledStart(date, date.published);
        return loweredSettled(own, date.earliest, this.#followersAt(key, at, this.#settled));
      },
      dependents: this.#actingLinks.followedBy,
      lastFirst: true,
    });
  }

  #renewOrder(stale: Since): Since {
    return this.#renewed(stale, this.#order, {
      inputsOf: (key) => [...this.#datesOf(key), this.#settled.of(key), ...this.#followedOver(key, this.#order)],
      valueOf: (key, at) => {
        const [date, settled] = [this.#dateAt(key, at), this.#settled.at(key, at)];
        if (!date || !settled) return undefined;
        const { orderedAt, isVague } = ordered(date, settled, date.published);
        const followed = this.#followedAt(key, at, this.#order);
        return {
          orderedAt: noEarlierThan(
            orderedAt,
            followed.map(({ key: other, value }) => ({ key: other, value: value.orderedAt })),
          ),
          isVague,
        };
      },
      dependents: this.#actingLinks.followersOf,
    });
  }

  #renewRank(stale: Since): Since {
    return this.#renewed(stale, this.#rank, {
      inputsOf: (key) => [this.#bounds.of(key), ...this.#followedOver(key, this.#rank)],
      valueOf: (key, at) => {
        if (!this.#bounds.at(key, at)) return undefined;
        const rank = rankAbove(this.#followedAt(key, at, this.#rank).map(({ value }) => value));
        // On a cycle, which recording refuses, it would rise without end.
        return Math.min(rank, this.history.events.length);
      },
      dependents: this.#actingLinks.followersOf,
    });
  }

  #renewed<Value>(stale: Since, values: PiecesByKey<Value>, rule: Rule<Value>): Since {
    const { inputsOf, valueOf, dependents = () => [], lastFirst = false } = rule;
    const sign = lastFirst ? -1 : 1;
    return carried(stale, {
      placeOf: (key) => sign * (this.history.event(key)?.position ?? 0),
      renew: (key, since) => values.renew(key, cutsFrom(since, inputsOf(key)), (at) => valueOf(key, at)),
      dependents,
    });
  }

  #datesOf(key: string): readonly Pieces<unknown>[] {
    return [this.#own.of(key), this.#earliest.of(key), this.#latest.of(key)];
  }

  #dateAt(key: string, at: Instant): (Bounds & Pick<OwnDate, 'published'>) | undefined {
    const [own, earliest, latest] = [this.#own.at(key, at), this.#earliest.at(key, at), this.#latest.at(key, at)];
    return own && earliest && latest && { earliest, latest, published: own.published };
  }

  #followersOver(key: string, values: OverTime): readonly Pieces<unknown>[] {
    return this.#actingLinks.followersOf(key).flatMap((follower) => [this.#acting.of(follower), values.of(follower)]);
  }

  #followedOver(key: string, values: OverTime): readonly Pieces<unknown>[] {
    return [this.#acting.of(key), ...this.#actingLinks.followedBy(key).map((followed) => values.of(followed))];
  }

  /** Those that follow an event at a known time, in order of position. */
  #followersAt<Value>(key: string, at: Instant, values: PiecesByKey<Value>): readonly Neighbour<Value>[] {
    const acting = this.#actingLinks
      .followersOf(key)
      .filter((follower) => this.#acting.at(follower, at)?.followed.includes(key));
    return neighboursAt(values, acting, at);
  }

  /** Those that an event follows at a known time, in the order of its links. */
  #followedAt<Value>(key: string, at: Instant, values: PiecesByKey<Value>): readonly Neighbour<Value>[] {
    return neighboursAt(values, this.#acting.at(key, at)?.followed ?? [], at);
  }
}

type OverTime = Pick<PiecesByKey<unknown>, 'of'>;

/** How one thing about each event comes from what else is known of it and its neighbours. */
interface Rule<Value> {
  /** Everything over known time that the value rests on. */
  readonly inputsOf: (key: string) => readonly Pieces<unknown>[];
  readonly valueOf: (key: string, at: Instant) => Value | undefined;
  /** Keys of the events whose value rests on that of this one. */
  readonly dependents?: (key: string) => readonly string[];
  /** True where what was recorded last is to be looked at first. */
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
