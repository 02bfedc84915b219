import { type EventBody, type Instant, type RecordedEvent, type Source, speaksOfRecords } from '#domain';
import { type Account, type ActingRecords, type StandingSource, ordinalOf, shortened } from '../records/account.js';
import { type Dating, datingsOf, ownDatingOf } from '../dating/dating.js';
import { orderKey } from './order-key.js';
import type { View } from '../records/view.js';

/** Something about an event that a reader should doubt. */
export interface EventAnomaly {
  readonly kind: 'bounds-crossed' | 'follows-wrong-way' | 'no-source-left';
  readonly detail: string;
}

/** One known event as it stands at one state of knowledge: its body in force, its dating, its marks. */
export interface EventStanding extends Dating {
  readonly event: RecordedEvent;
  readonly body: EventBody;
  readonly knownFrom: Instant;
  /** Removed by a visible retraction: listed on request, asserts nothing, dates nothing. */
  readonly retracted: boolean;
  readonly retractedBy: readonly string[];
  /**
   * Keys of the corrections in force, in the order in which they act; first the one that gives `publishedAt`, which
   * acts as soon as it is recorded.
   */
  readonly correctedBy: readonly string[];
  /** Key of the record that gave the earliest publication: a source or a correction; undefined for the event itself. */
  readonly firstPublishedBy: string | undefined;
  readonly sources: readonly StandingSource[];
  readonly anomalies: readonly EventAnomaly[];
  /** Compares, as text, in order of occurrence. */
  readonly order: string;
  /** Equal for two standings of one event exactly when nothing above differs. */
  readonly signature: string;
}

/**
 * How each known event among `events` stands, in the order given.
 *
 * The events must be closed under dating links: what a link dates depends on both of its ends.
 */
export function standingsAt(events: readonly RecordedEvent[], view: View): readonly EventStanding[] {
  const known = events.filter(view.isKnown);
  const datings = datingsOf(known.filter(view.isVisible), view);
  return known.map((event) => standingOf(event, view, datings.get(event.key)));
}

/** True for the events that a policy's record counts: in force, and not themselves about records. */
export const countsInRecord = ({ event, retracted }: Pick<EventStanding, 'event' | 'retracted'>): boolean =>
  !retracted && !speaksOfRecords(event.type);

/** How one known event stands; its dating is its own where links do not date it, or it is retracted. */
export function standingOf(event: RecordedEvent, view: View, linked: Dating | undefined): EventStanding {
  const dating = linked ?? ownDatingOf(event, view);
  const body = view.body(event);
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
  const acting = view.acting(event);
  const retractedBy = keysOf(acting.retractions);
  const sources = sourcesOf(body, acting);
  const firstPublishedBy = view.publications.firstPublishedBy(event);
  return {
    ...dating,
    event,
    body,
    knownFrom,
    retracted: !view.isVisible(event),
    retractedBy,
    correctedBy: correctionsOf(event, view),
    firstPublishedBy,
    sources,
    anomalies: anomaliesOf(dating, sources),
    order,
    signature: signatureOf({
      order,
      dating,
      retractedBy,
      firstPublishedBy,
      body: view.bodySignature(event),
      sources,
      acting,
    }),
  };
}

function correctionsOf(event: RecordedEvent, view: View): readonly string[] {
  const published = view.publications.correctedBy(event);
  const acting = keysOf(view.acting(event).corrections);
  return published === undefined || acting.includes(published) ? acting : [published, ...acting];
}

const keysOf = (records: readonly Account[]): readonly string[] => records.map(({ event }) => event.key);

function sourcesOf(body: EventBody, { attachments, withdrawals }: ActingRecords): readonly StandingSource[] {
  const sources: StandingSource[] = (body.sources ?? []).map((source) => ({ source }));
  for (const { brings } of attachments) if (brings) sources.push(brings);
  if (withdrawals.length === 0) return sources;
  return sources.map((standing) => {
    const withdrawal = withdrawals.find((candidate) => names(candidate.body, standing.source));
    return withdrawal ? { ...standing, retractedBy: withdrawal.event.key } : standing;
  });
}

const names = (retraction: EventBody, source: Source): boolean =>
  retraction.source?.publisher === source.publisher && retraction.source.title === source.title;

function anomaliesOf(dating: Dating, sources: readonly StandingSource[]): readonly EventAnomaly[] {
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
  if (sources.length > 0 && sources.every(({ retractedBy }) => retractedBy !== undefined))
    anomalies.push({ kind: 'no-source-left', detail: 'Every source of this event was withdrawn by its publisher.' });
  return anomalies;
}

interface Signed extends Pick<EventStanding, 'order' | 'retractedBy' | 'firstPublishedBy' | 'sources'> {
  readonly dating: Dating;
  /** Names the body in force. */
  readonly body: string;
  readonly acting: ActingRecords;
}

const LONGEST_SIGNATURE = 500;

/** Of an event with many records the lists are long, and there are as many versions: what is kept of each is short. */
const signatureOf = ({ order, dating, retractedBy, firstPublishedBy, body, sources, acting }: Signed): string =>
  shortened(
    [
      order,
      dating.latest,
      dating.isVague,
      dating.follows.join(' '),
      dating.datedBy.toSorted().join(' '),
      dating.followsWrongWay,
      retractedBy.join(' '),
      firstPublishedBy,
      body,
      sources.map(({ attachedBy, retractedBy: by }) => `${attachedBy ?? ''}-${by ?? ''}`).join(' '),
      acting.attachments.map((attachment) => attachment.signature).join(' '),
    ].join('|'),
    LONGEST_SIGNATURE,
  );
