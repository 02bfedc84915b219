import { BEGINNING, FOREVER, type Instant, type RecordedEvent } from '#domain';
import { type Interval, intersection, isEmpty, isSameInterval } from '../time/coordinate.js';
import { type DatingChange, DatingLedger, type OwnChange } from '../dating/dating-ledger.js';
import { ownDateOf } from '../dating/dating-rules.js';
import { versionOf } from './event-version.js';
import { versionSignature } from './version-signature.js';
import type { PolicyHistory } from '../records/policy-history.js';
import { RecordsLedger } from '../records/records-ledger.js';
import type { PausingWork } from '../time/pausing-work.js';
import { ChangedSince } from '../time/since.js';
import {
  type ItemChanges,
  type VersionInterval,
  type ItemFactory,
  type LedgerItem,
  mergeChanges,
} from './ledger-items.js';

interface VersionChange {
  readonly versions: ItemChanges<VersionInterval>;
  /** Keys of the events whose acting `follows` are others than they were. */
  readonly relinked: readonly string[];
}

/** A ledger of the versions of each event of a policy, for all of known time, at the newest position. */
export class VersionLedger {
  readonly datings: DatingLedger;
  readonly records: RecordsLedger;
  readonly #versions = new Map<string, readonly LedgerItem<VersionInterval>[]>();

  constructor(private readonly history: PolicyHistory) {
    this.datings = new DatingLedger(history);
    this.records = new RecordsLedger(history);
  }

  /** The versions of an event, in order of known time. */
  of(key: string): readonly LedgerItem<VersionInterval>[] {
    return this.#versions.get(key) ?? [];
  }

  /**
   * Takes account of the event that was recorded last; answers also the events whose acting `follows` are others. Pauses
   * after each event.
   */
  *renew(event: RecordedEvent, itemOf: ItemFactory): PausingWork<VersionChange> {
    const { chain, since, untilOf } = this.records.renew(event);
    const { dated, relinked } = yield* this.#renewDatings(chain, since);
    const all = new ChangedSince(
      chain.map(({ key }) => [key, since]),
      dated,
    );
    const changed = this.#inOrder(all, (one) => (dated.get(one.key) === undefined ? untilOf(one) : FOREVER));
    const versions: ItemChanges<VersionInterval>[] = [];
    for (const one of changed) {
      versions.push(this.#renewVersionsOf(one, itemOf));
      yield;
    }
    return { versions: mergeChanges(versions), relinked };
  }

  /** Updates the datings; an event enters them, with all of its past, at the first link from or to it. */
  #renewDatings(chain: readonly RecordedEvent[], since: Instant): PausingWork<DatingChange> {
    const { followedBy, refinedBy } = this.history.datingLinks;
    const linked = chain.flatMap(({ key }) => [...followedBy(key), ...refinedBy(key)]);
    const events = new Set([...chain, ...linked.flatMap((key) => this.history.event(key) ?? [])]);
    const entering = [...events].filter(({ key }) => this.history.datingLinks.has(key) && !this.datings.has(key));
    const entered = chain.filter(({ key }) => this.datings.has(key));
    return this.datings.renew([
      ...entered.map((one) => this.#ownChange(one, since)),
      ...entering.map((one) => this.#ownChange(one, BEGINNING)),
    ]);
  }

  #ownChange(event: RecordedEvent, since: Instant): OwnChange {
    return {
      key: event.key,
      cuts: this.records.dateCutsOf(event, since),
      dateAt: (at) => {
        const view = this.records.viewAt(at);
        return view.isVisible(event) ? ownDateOf(event, view) : undefined;
      },
    };
  }

  #inOrder(changed: ChangedSince, untilOf: (event: RecordedEvent) => Instant): readonly ChangedEvent[] {
    const events = [...changed].flatMap(([key, since]) => {
      const event = this.history.event(key);
      return event ? [{ event, since, until: untilOf(event) }] : [];
    });
    return events.sort((one, other) => one.event.position - other.event.position);
  }

  #renewVersionsOf(changed: ChangedEvent, itemOf: ItemFactory): ItemChanges<VersionInterval> {
    const { event, since, until } = changed;
    const before = this.of(event.key);
    const wanted = versionsWithin(before, { from: BEGINNING, to: since });
    for (const version of this.#stretchesOf(changed)) addStretch(wanted, version);
    for (const version of versionsWithin(before, { from: until, to: FOREVER })) addStretch(wanted, version);
    const kept = new Map(before.map((version) => [version.value.known.from, version]));
    const after = wanted.map((version) => {
      const same = kept.get(version.known.from);
      return same && isSameVersion(same.value, version) ? same : itemOf(version);
    });
    this.#versions.set(event.key, after);
    const [was, is] = [new Set(before), new Set(after)];
    return {
      opened: after.filter((version) => !was.has(version)),
      closed: before.filter((version) => !is.has(version)),
    };
  }

  /** The versions of an event while it is known, one for each stretch in which nothing about it can change. */
  *#stretchesOf({ event, since, until }: ChangedEvent): Iterable<VersionInterval> {
    const cuts = new Set([...this.datings.cutsOf(event.key, since), ...this.records.cutsOf(event, since)]);
    const inOrder = [...cuts].filter((at) => at < until).sort((one, other) => one - other);
    for (const [index, from] of inOrder.entries()) {
      const view = this.records.viewAt(from);
      if (!view.isKnown(event)) continue;
      yield {
        known: { from, to: inOrder[index + 1] ?? until },
        version: versionOf(event, view, this.datings.at(event.key, from)),
      };
    }
  }
}

/** An event that may have changed over a stretch of known time. */
interface ChangedEvent {
  readonly event: RecordedEvent;
  readonly since: Instant;
  readonly until: Instant;
}

/** The parts of versions that lie within a stretch of known time. */
const versionsWithin = (versions: readonly LedgerItem<VersionInterval>[], stretch: Interval): VersionInterval[] =>
  versions
    .map(({ value: { version, known } }) => ({ version, known: intersection(known, stretch) }))
    .filter(({ known }) => !isEmpty(known));

const isSameVersion = (one: VersionInterval, other: VersionInterval): boolean =>
  isSameInterval(one.known, other.known) && versionSignature(one.version) === versionSignature(other.version);

/** Adds one more stretch, joined to the last if the event is the same in both. */
function addStretch(versions: VersionInterval[], next: VersionInterval): void {
  const last = versions.at(-1);
  const joins = last?.known.to === next.known.from && versionSignature(last.version) === versionSignature(next.version);
  if (joins) versions[versions.length - 1] = { ...last, known: { from: last.known.from, to: next.known.to } };
  else versions.push(next);
}
