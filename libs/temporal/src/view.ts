import { hash } from 'node:crypto';
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

/** How one event stands for a state of knowledge. */
interface Seen {
  readonly isVisible: boolean;
  /** The visible events about it, in the order in which they act. */
  readonly acting: readonly RecordedEvent[];
  readonly body: EventBody;
  readonly signature: string;
}

/** Reads a history at one state of knowledge. Pure: memoises only. */
export function viewAt(
  history: PolicyHistory,
  knowledge: Knowledge,
  publications: Publications = publicationsAt(history, knowledge.recorded),
): View {
  const memo = new Map<RecordedEvent, Seen>();

  const isKnown = (event: RecordedEvent): boolean =>
    event.position <= knowledge.recorded && publications.knownFrom(event) <= knowledge.knownAt;

  const read = (event: RecordedEvent): Seen => {
    const isNeeded = (record: RecordedEvent): boolean => isKnown(record) && !memo.has(record);
    for (const record of history.newestFirst(event, isNeeded)) memo.set(record, seen(record));
    return memo.get(event) ?? seen(event);
  };

  const inOrderOfCorrections = (one: RecordedEvent, other: RecordedEvent): number =>
    publications.knownFrom(one) - publications.knownFrom(other) ||
    ordinalOf(memo.get(one)?.body ?? one.body) - ordinalOf(memo.get(other)?.body ?? other.body) ||
    one.position - other.position;

  // What is recorded about the event has been read before it.
  const seen = (event: RecordedEvent): Seen => {
    const acting = history
      .about(event.key)
      .filter((record) => memo.get(record)?.isVisible)
      .sort(inOrderOfCorrections);
    const corrections = acting.filter(({ type }) => type === 'record.corrected');
    const corrected = corrections.reduce(
      (sofar, correction) => correctedBody(sofar, memo.get(correction)?.body.changes ?? {}),
      event.body,
    );
    const publishedAt = publications.own(event);
    return {
      isVisible: isKnown(event) && !acting.some(({ type }) => type === 'record.retracted'),
      acting,
      body: publishedAt === corrected.publishedAt ? corrected : { ...corrected, publishedAt },
      signature: shortened(
        [
          publications.correctedBy(event) ? `${publishedAt.text}@${publishedAt.from}` : '',
          ...corrections.map((correction) => `${correction.position}(${memo.get(correction)?.signature})`),
        ].join(),
      ),
    };
  };

  return {
    knowledge,
    publications,
    isKnown,
    isVisible: (event) => read(event).isVisible,
    acting: (event, type) => read(event).acting.filter((record) => record.type === type),
    body: (event) => read(event).body,
    published: (event) => publications.of(event).filter(({ at }) => at <= knowledge.knownAt),
    bodySignature: (event) => read(event).signature,
  };
}

const LONGEST_SIGNATURE = 100;

/** Signatures hold those of corrections in turn: of a long chain each would hold all that follow. */
const shortened = (signature: string): string =>
  signature.length > LONGEST_SIGNATURE ? hash('sha256', signature, 'base64') : signature;

/** An event's place within its source; 0 when none is given. */
export const ordinalOf = (body: EventBody): number => body.ordinal ?? 0;
