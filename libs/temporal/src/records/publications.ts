import type { EventBody, Instant, Position, Publication, RecordedEvent } from '#domain/facts';
import type { PolicyHistory } from './policy-history.js';

/** One publication of an event: its own, or one that a `source.attached` adds. */
export interface PublishedAt {
  readonly at: Instant;
  /** Key of the `source.attached` event; absent for the event's own `publishedAt`. */
  readonly attachedBy?: string;
}

/** When events were published, as recorded up to one position. Known time plays no part in it. */
export interface Publications {
  readonly recorded: Position;
  /** Every publication of the event, earliest first. */
  of(event: RecordedEvent): readonly PublishedAt[];
  /** The earliest publication: from then on the public could know the event. */
  knownFrom(event: RecordedEvent): Instant;
  /** The event's own `publishedAt`, as the corrections recorded by then leave it. */
  own(event: RecordedEvent): Publication;
  /** Key of the correction that gave the event's own `publishedAt`; undefined when it is as first recorded. */
  correctedBy(event: RecordedEvent): string | undefined;
  /** Key of the record that gave the earliest publication, a source or a correction; undefined for the event itself. */
  firstPublishedBy(event: RecordedEvent): string | undefined;
}

/** What is on record about one event by a position, whatever was known of it. */
export interface PublicationState {
  readonly isRetracted: boolean;
  readonly own: Publication;
  readonly correctedBy: string | undefined;
  readonly published: readonly PublishedAt[];
  readonly ordinal: number;
  readonly changes: EventBody['changes'];
}

/** A record about an event, and what is on record about it in turn. */
export interface About {
  readonly record: RecordedEvent;
  readonly state: PublicationState;
}

/** Reads the publications of a policy's events at a recorded position. Pure: memoises only. */
export function publicationsAt(history: PolicyHistory, recorded: Position): Publications {
  const memo = new Map<RecordedEvent, PublicationState>();

  const aboutOf = (event: RecordedEvent): readonly About[] =>
    history.about(event.key).flatMap((record) => {
      const state = memo.get(record);
      return state ? [{ record, state }] : [];
    });

  const read = (event: RecordedEvent): PublicationState => {
    const isNeeded = (record: RecordedEvent): boolean => record.position <= recorded && !memo.has(record);
    for (const record of history.newestFirst(event, isNeeded))
      memo.set(record, publicationStateOf(record, aboutOf(record)));
    return memo.get(event) ?? publicationStateOf(event, aboutOf(event));
  };

  return publicationsOf(recorded, read);
}

/** The publications that follow from what is on record about each event. */
export const publicationsOf = (recorded: Position, read: (event: RecordedEvent) => PublicationState): Publications => ({
  recorded,
  of: (event) => read(event).published,
  knownFrom: (event) => firstOf(read(event)),
  own: (event) => read(event).own,
  correctedBy: (event) => read(event).correctedBy,
  firstPublishedBy: (event) => {
    const { published, correctedBy } = read(event);
    return published[0]?.attachedBy ?? correctedBy;
  },
});

const firstOf = ({ published, own }: PublicationState): Instant => published[0]?.at ?? own.from;

/** What is on record about an event, given the same of each record about it. */
export function publicationStateOf({ body }: RecordedEvent, about: readonly About[]): PublicationState {
  const acting = about.filter(({ state }) => !state.isRetracted);
  const corrections = acting.filter(({ record }) => record.type === 'record.corrected');
  // Of several the last counts; most name none of these fields.
  const naming = (field: 'publishedAt' | 'ordinal' | 'changes'): About | undefined =>
    corrections
      .filter(({ state }) => state.changes?.[field] !== undefined)
      .sort(inOrderOfPublication)
      .at(-1);
  const corrected = naming('publishedAt');
  const own = corrected?.state.changes?.publishedAt ?? body.publishedAt;
  const attached = acting.filter(({ record }) => record.type === 'source.attached');
  return {
    isRetracted: acting.some(({ record }) => record.type === 'record.retracted'),
    own,
    correctedBy: corrected?.record.key,
    published: [
      { at: own.from },
      ...attached.map(({ record, state }) => ({ at: state.own.from, attachedBy: record.key })),
    ].sort((one, other) => one.at - other.at),
    ordinal: (naming('ordinal')?.state.changes ?? body).ordinal ?? 0,
    changes: naming('changes')?.state.changes?.changes ?? body.changes,
  };
}

const inOrderOfPublication = ({ record: one, state: first }: About, { record: other, state: second }: About): number =>
  first.own.from - second.own.from || first.ordinal - second.ordinal || one.position - other.position;

/** The first publication within a date. */
export const firstWithin = (
  { earliest, latest }: Pick<EventBody['occurred'], 'earliest' | 'latest'>,
  published: readonly PublishedAt[],
): PublishedAt | undefined => published.find(({ at }) => earliest <= at && at <= latest);
