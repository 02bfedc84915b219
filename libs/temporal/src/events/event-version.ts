import { type EventBody, type Instant, type RecordedEvent, speaksOfRecords } from '#domain/facts';
import { type Account, ordinalOf } from '../records/account.js';
import { type Dating, datingSteps, ownDatingOf } from '../dating/dating.js';
import { orderKey } from './order-key.js';
import { type SourceInForce, namingSources, sourcesInForce } from '../records/sources-in-force.js';
import type { View, ViewWithRecords } from '../records/view.js';
import type { PausingWork } from '../time/pausing-work.js';

/** A contradiction in an event that readers should know about. */
export interface EventAnomaly {
  readonly kind: 'bounds-crossed' | 'follows-wrong-way' | 'no-source-left';
  readonly detail: string;
}

/**
 * One known event at one state of knowledge: its body in force, its dating, its marks.
 *
 * The records in force are kept apart from it: there may be many, and most of them change nothing about it.
 */
export interface EventVersion extends Dating {
  readonly event: RecordedEvent;
  readonly body: EventBody;
  readonly knownFrom: Instant;
  /** Removed by a visible retraction: listed on request, asserts nothing, dates nothing. */
  readonly retracted: boolean;
  /** A visible correction acts on it, or one of its publication does. */
  readonly isCorrected: boolean;
  /** Key of the correction that gives `publishedAt`, which acts as soon as it is recorded; undefined when none does. */
  readonly publicationCorrectedBy: string | undefined;
  /** Key of the record that gave the earliest publication: a source or a correction; undefined for the event itself. */
  readonly firstPublishedBy: string | undefined;
  readonly anomalies: readonly EventAnomaly[];
  /** Compares, as text, in order of occurrence. */
  readonly order: string;
}

/** The records in force about an event, at one state of knowledge. */
export interface RecordsInForce {
  readonly retractedBy: readonly string[];
  /**
   * Keys of the corrections in force, in the order in which they act; first the one that gives `publishedAt`, which
   * acts as soon as it is recorded.
   */
  readonly correctedBy: readonly string[];
  readonly sources: readonly SourceInForce[];
}

/** An event version with the records in force about the event. */
export interface VersionWithRecords extends EventVersion, RecordsInForce {}

/**
 * The version of each known event among `events`, in the order given; pauses at each.
 *
 * The events must be closed under dating links: what a link dates depends on both of its ends.
 */
export function* versionSteps(
  events: readonly RecordedEvent[],
  view: ViewWithRecords,
): PausingWork<readonly VersionWithRecords[]> {
  const known = events.filter(view.isKnown);
  yield;
  const visible = known.filter(view.isVisible);
  yield;
  const datings = yield* datingSteps(visible, view);
  const versions: VersionWithRecords[] = [];
  for (const event of known) {
    const version = versionOf(event, view, datings.get(event.key));
    versions.push({ ...version, ...recordsInForce(version, view) });
    yield;
  }
  return versions;
}

function recordsInForce({ event, body, publicationCorrectedBy }: EventVersion, view: ViewWithRecords): RecordsInForce {
  const acting = view.acting(event);
  return {
    retractedBy: keysOf(acting.retractions),
    correctedBy: correctionsInForce(publicationCorrectedBy, keysOf(acting.corrections)),
    sources: sourcesInForce(body.sources ?? [], namingSources(acting)),
  };
}

/** The corrections that act, with the one of the publication, which does so even before it is known. */
export const correctionsInForce = (ofPublication: string | undefined, acting: readonly string[]): readonly string[] =>
  ofPublication === undefined || acting.includes(ofPublication) ? acting : [ofPublication, ...acting];

const keysOf = (records: readonly Account[]): readonly string[] => records.map(({ event }) => event.key);

/** True for the events that a policy's record counts: in force, and not themselves about records. */
export const isInRecord = ({ event, retracted }: Pick<EventVersion, 'event' | 'retracted'>): boolean =>
  !retracted && !speaksOfRecords(event.type);

/** The version of one known event; its dating is its own if no link dates it, or it is retracted. */
export function versionOf(event: RecordedEvent, view: View, linked: Dating | undefined): EventVersion {
  const dating = linked ?? ownDatingOf(event, view);
  const account = view.account(event);
  const { body } = account;
  const knownFrom = view.publications.knownFrom(event);
  const order = orderKey({
    orderedAt: dating.orderedAt,
    earliest: dating.earliest,
    settled: dating.settled,
    rank: dating.rank,
    knownFrom,
    ordinal: ordinalOf(body),
    position: event.position,
  });
  const retracted = !view.isVisible(event);
  const firstPublishedBy = view.publications.firstPublishedBy(event);
  const publicationCorrectedBy = view.publications.correctedBy(event);
  return {
    ...dating,
    event,
    body,
    knownFrom,
    retracted,
    isCorrected: account.isCorrected,
    publicationCorrectedBy,
    firstPublishedBy,
    anomalies: anomaliesOf(dating, account),
    order,
  };
}

function anomaliesOf(dating: Dating, { isUnsourced }: Account): readonly EventAnomaly[] {
  const anomalies: EventAnomaly[] = [];
  if (dating.earliest > dating.latest)
    anomalies.push({
      kind: 'bounds-crossed',
      detail: 'The events linked to this one leave no time at which it can have happened.',
    });
  if (dating.followsWrongWay)
    anomalies.push({
      kind: 'follows-wrong-way',
      detail: 'It is said to follow an event that happened wholly after it.',
    });
  if (isUnsourced)
    anomalies.push({ kind: 'no-source-left', detail: 'Every source of this event was withdrawn by its publisher.' });
  return anomalies;
}
