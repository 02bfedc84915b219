import { BEGINNING, FOREVER, type Instant, type RecordedEvent, instant, position } from '#domain';
import { chainFrom, sinceWhenKnown } from './affected.js';
import { sameInterval } from './coordinate.js';
import { type DatingChange, DatingLedger } from './dating-ledger.js';
import { ownDateOf } from './dating-rules.js';
import { standingOf } from './event-standing.js';
import type { PolicyHistory } from './policy-history.js';
import { type Publications, publicationsAt } from './publications.js';
import { Since } from './since.js';
import { type Change, type EventVersion, type Numbering, type Standing, together } from './standing.js';
import { type View, viewAt } from './view.js';

interface VersionChange {
  readonly versions: Change<EventVersion>;
  /** Keys of the events whose acting `follows` are others than they were. */
  readonly relinked: readonly string[];
}

/** How each event of a policy stands now, over all of known time. */
export class EventVersions {
  readonly datings: DatingLedger;
  readonly #versions = new Map<string, readonly Standing<EventVersion>[]>();

  constructor(private readonly history: PolicyHistory) {
    this.datings = new DatingLedger(history);
  }

  /** The versions of an event, in order of known time. */
  of(key: string): readonly Standing<EventVersion>[] {
    return this.#versions.get(key) ?? [];
  }

  /** Takes account of the event that was recorded last; answers also the events whose acting `follows` are others. */
  renew(event: RecordedEvent, numbered: Numbering): VersionChange {
    const publications = publicationsAt(this.history, event.position);
    const before = publicationsAt(this.history, position(event.position - 1));
    const since = sinceWhenKnown(event, this.history, { before, after: publications });
    const known = new Known(this.history, publications);
    const chain = chainFrom(event, this.history);
    const { dated, relinked } = this.#renewDatings(chain, since, known);
    const changed = this.#inOrder(
      new Since(
        chain.map(({ key }) => [key, since]),
        dated,
      ),
    );
    return { versions: together(changed.map((one) => this.#renewVersionsOf(one, known, numbered))), relinked };
  }

  /** Brings the datings on; an event comes to be in them with the first link from or to it, with all of its past. */
  #renewDatings(chain: readonly RecordedEvent[], since: Instant, known: Known): DatingChange {
    const { followedBy, refinedBy } = this.history.datingLinks;
    const linked = chain.flatMap(({ key }) => [...followedBy(key), ...refinedBy(key)]);
    const events = new Set([...chain, ...linked.flatMap((key) => this.history.event(key) ?? [])]);
    const entering = [...events].filter(({ key }) => this.history.datingLinks.has(key) && !this.datings.has(key));
    const entered = chain.filter(({ key }) => this.datings.has(key));
    return this.datings.renew([
      ...entered.map((one) => known.ownChange(one, since)),
      ...entering.map((one) => known.ownChange(one, BEGINNING)),
    ]);
  }

  #inOrder(changed: Since): readonly EventSince[] {
    const events = [...changed].flatMap(([key, since]) => {
      const event = this.history.event(key);
      return event ? [{ event, since }] : [];
    });
    return events.sort((one, other) => one.event.position - other.event.position);
  }

  #renewVersionsOf({ event, since }: EventSince, known: Known, numbered: Numbering): Change<EventVersion> {
    const before = this.of(event.key);
    const wanted = this.#earlierThan(since, before);
    for (const version of this.#stretchesOf({ event, since }, known)) addStretch(wanted, version);
    const standing = new Map(before.map((version) => [version.thing.known.from, version]));
    const after = wanted.map((version) => {
      const same = standing.get(version.known.from);
      return same && sameVersion(same.thing, version) ? same : numbered(version);
    });
    this.#versions.set(event.key, after);
    const [was, is] = [new Set(before), new Set(after)];
    return {
      opened: after.filter((version) => !was.has(version)),
      closed: before.filter((version) => !is.has(version)),
    };
  }

  #earlierThan(since: Instant, versions: readonly Standing<EventVersion>[]): EventVersion[] {
    return versions
      .filter(({ thing }) => thing.known.from < since)
      .map(({ thing: { standing, known } }) => ({
        standing,
        known: { from: known.from, to: instant(Math.min(known.to, since)) },
      }));
  }

  /** How the event stands while it is known, over each stretch in which nothing about it can change. */
  *#stretchesOf({ event, since }: EventSince, known: Known): Iterable<EventVersion> {
    const cuts = new Set([...this.datings.cutsOf(event.key, since), ...known.cutsOf(event, since)]);
    const inOrder = [...cuts].sort((one, other) => one - other);
    for (const [index, from] of inOrder.entries()) {
      const view = known.at(from);
      if (!view.isKnown(event)) continue;
      yield {
        known: { from, to: inOrder[index + 1] ?? FOREVER },
        standing: standingOf(event, view, this.datings.at(event.key, from)),
      };
    }
  }
}

interface EventSince {
  readonly event: RecordedEvent;
  readonly since: Instant;
}

/** Views of a history at one recorded position, each made once. */
class Known {
  readonly #views = new Map<Instant, View>();

  constructor(
    private readonly history: PolicyHistory,
    private readonly publications: Publications,
  ) {}

  at(knownAt: Instant): View {
    const view =
      this.#views.get(knownAt) ??
      viewAt(this.history, { recorded: this.publications.recorded, knownAt }, this.publications);
    this.#views.set(knownAt, view);
    return view;
  }

  /** The instants from `since` on at which what the event itself says may become another, and `since`; in order. */
  cutsOf(event: RecordedEvent, since: Instant): readonly Instant[] {
    const cuts = new Set<Instant>([since]);
    const pending = [event];
    for (let one = pending.pop(); one; one = pending.pop()) {
      for (const { at } of this.publications.of(one)) if (at > since) cuts.add(at);
      pending.push(...this.history.about(one.key));
    }
    return [...cuts].sort((one, other) => one - other);
  }

  ownChange(event: RecordedEvent, since: Instant) {
    return {
      key: event.key,
      cuts: this.cutsOf(event, since),
      dateAt: (at: Instant) => (this.at(at).isVisible(event) ? ownDateOf(event, this.at(at)) : undefined),
    };
  }
}

const sameVersion = (one: EventVersion, other: EventVersion): boolean =>
  sameInterval(one.known, other.known) && one.standing.signature === other.standing.signature;

/** Adds one more stretch, joined to the last where the event stands the same in both. */
function addStretch(versions: EventVersion[], next: EventVersion): void {
  const last = versions.at(-1);
  const joins = last?.known.to === next.known.from && last.standing.signature === next.standing.signature;
  if (joins) versions[versions.length - 1] = { ...last, known: { from: last.known.from, to: next.known.to } };
  else versions.push(next);
}
