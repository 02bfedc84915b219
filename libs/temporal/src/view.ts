import { type EventBody, type RecordedEvent, correctedBody } from '#domain';
import type { Knowledge } from './coordinate.js';
import type { PolicyHistory } from './policy-history.js';
import { type Publications, type PublishedAt, publicationsAt } from './publications.js';

/** What corrections and retractions make of a policy's events for one state of knowledge. */
export interface View {
  readonly knowledge: Knowledge;
  readonly publications: Publications;
  /** Recorded by then and public by then; a retracted event is still known. */
  readonly isKnown: (event: RecordedEvent) => boolean;
  /** Known and not removed by a visible retraction. */
  readonly isVisible: (event: RecordedEvent) => boolean;
  /** The visible events of one type about an event, in the order in which they act. */
  acting(
    event: RecordedEvent,
    type: 'record.corrected' | 'record.retracted' | 'source.attached' | 'source.retracted',
  ): readonly RecordedEvent[];
  /** The body after every visible correction. */
  body(event: RecordedEvent): EventBody;
  /** Publications known by then, earliest first. */
  published(event: RecordedEvent): readonly PublishedAt[];
  /** Names the body in force: two equal signatures of one event mean equal bodies. */
  bodySignature(event: RecordedEvent): string;
}

/** Reads a history at one state of knowledge. Pure: memoises only. */
export function viewAt(
  history: PolicyHistory,
  knowledge: Knowledge,
  publications: Publications = publicationsAt(history, knowledge.recorded),
): View {
  const visible = new Map<RecordedEvent, boolean>();
  const bodies = new Map<RecordedEvent, EventBody>();

  const isKnown = (event: RecordedEvent): boolean =>
    event.position <= knowledge.recorded && publications.knownFrom(event) <= knowledge.knownAt;

  const isRemoved = (event: RecordedEvent): boolean =>
    history.about(event.key).some((about) => about.type === 'record.retracted' && isVisible(about));

  const isVisible = (event: RecordedEvent): boolean => {
    const known = visible.get(event);
    if (known !== undefined) return known;
    const answer = isKnown(event) && !isRemoved(event);
    visible.set(event, answer);
    return answer;
  };

  const acting: View['acting'] = (event, type) =>
    history
      .about(event.key)
      .filter((about) => about.type === type && isVisible(about))
      .sort(inOrderOfCorrections);

  const inOrderOfCorrections = (one: RecordedEvent, other: RecordedEvent): number =>
    publications.knownFrom(one) - publications.knownFrom(other) ||
    ordinalOf(body(one)) - ordinalOf(body(other)) ||
    one.position - other.position;

  const body = (event: RecordedEvent): EventBody => {
    const known = bodies.get(event);
    if (known) return known;
    const corrected = acting(event, 'record.corrected').reduce(
      (sofar, correction) => correctedBody(sofar, body(correction).changes ?? {}),
      event.body,
    );
    bodies.set(event, corrected);
    return corrected;
  };

  const bodySignature = (event: RecordedEvent): string =>
    acting(event, 'record.corrected')
      .map((correction) => `${correction.position}(${bodySignature(correction)})`)
      .join();

  return {
    knowledge,
    publications,
    isKnown,
    isVisible,
    acting,
    body,
    published: (event) => publications.of(event).filter(({ at }) => at <= knowledge.knownAt),
    bodySignature,
  };
}

/** An event's place within its source; 0 when none is given. */
export const ordinalOf = (body: EventBody): number => body.ordinal ?? 0;
