import { type EventBody, FOREVER, type RecordedEvent } from '#domain/facts';
import { type Account, type ActingRecords, accountOf, actingAmong } from './account.js';
import type { Knowledge } from '../time/coordinate.js';
import { PolicyHistory } from './policy-history.js';
import { type Publications, type PublishedAt, publicationsAt } from './publications.js';
import { isUnsourced, namingSources, sourcesInForce } from './sources-in-force.js';

/** What corrections and retractions make of a policy's events for one state of knowledge. */
export interface View {
  readonly knowledge: Knowledge;
  readonly publications: Publications;
  /** Recorded by then and public by then; a retracted event is still known. */
  readonly isKnown: (event: RecordedEvent) => boolean;
  /** Known and not removed by a visible retraction. */
  readonly isVisible: (event: RecordedEvent) => boolean;
  /** What the visible records about an event make of it. */
  account(event: RecordedEvent): Account;
  /** The body after every visible correction. */
  body(event: RecordedEvent): EventBody;
  /** Publications known by then, earliest first. */
  published(event: RecordedEvent): readonly PublishedAt[];
}

/** A view that also tells which records make of an event what it is. */
export interface ViewWithRecords extends View {
  /** The visible records about an event. */
  acting(event: RecordedEvent): ActingRecords;
}

/** Reads a history at one state of knowledge. Pure: memoises only. */
export function viewAt(
  history: PolicyHistory,
  knowledge: Knowledge,
  publications: Publications = publicationsAt(history, knowledge.recorded),
): ViewWithRecords {
  const memo = new Map<RecordedEvent, Account>();

  // What is recorded about the event has been read before it.
  const actingAbout = ({ key }: RecordedEvent): ActingRecords =>
    actingAmong(history.about(key).flatMap((record) => memo.get(record) ?? []));

  const seen = (event: RecordedEvent): Account => {
    const acting = actingAbout(event);
    return accountOf(event, {
      corrections: acting.corrections,
      isRetracted: acting.retractions.length > 0,
      isUnsourced: (own) => isUnsourced(sourcesInForce(own, namingSources(acting))),
      publications,
    });
  };

  const view = viewOf({ knowledge, publications }, (event) => {
    const isNeeded = (record: RecordedEvent): boolean => view.isKnown(record) && !memo.has(record);
    for (const record of history.newestFirst(event, isNeeded)) memo.set(record, seen(record));
    return memo.get(event) ?? seen(event);
  });
  return {
    ...view,
    acting: (event) => {
      view.account(event);
      return actingAbout(event);
    },
  };
}

/** The body of one of the events once all of them are known; undefined when it is not among them. */
export function bodyInForce(events: readonly RecordedEvent[], key: string): EventBody | undefined {
  const [history, last] = [new PolicyHistory(events), events.at(-1)];
  const event = history.event(key);
  return event && last && viewAt(history, { recorded: last.position, knownAt: FOREVER }).body(event);
}

/** A view in which the events are as their accounts say. */
export function viewOf(
  { knowledge, publications }: Pick<View, 'knowledge' | 'publications'>,
  read: (event: RecordedEvent) => Account,
): View {
  const isKnown = (event: RecordedEvent): boolean =>
    event.position <= knowledge.recorded && publications.knownFrom(event) <= knowledge.knownAt;
  return {
    knowledge,
    publications,
    isKnown,
    isVisible: (event) => isKnown(event) && !read(event).isRetracted,
    account: read,
    body: (event) => read(event).body,
    published: (event) => publications.of(event).filter(({ at }) => at <= knowledge.knownAt),
  };
}
