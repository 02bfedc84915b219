import type { Instant, Position, RecordedEvent } from '#domain';
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
}

/** Reads the publications of a policy's events at a recorded position. Pure: memoises only. */
export function publicationsAt(history: PolicyHistory, recorded: Position): Publications {
  const memo = new Map<RecordedEvent, readonly PublishedAt[]>();

  const isRetracted = (event: RecordedEvent): boolean =>
    history
      .about(event.key)
      .some((about) => about.type === 'record.retracted' && about.position <= recorded && !isRetracted(about));

  const read = (event: RecordedEvent): readonly PublishedAt[] => {
    const attached = history
      .about(event.key)
      .filter((about) => about.type === 'source.attached' && about.position <= recorded && !isRetracted(about))
      .map((about) => ({ at: about.body.publishedAt.from, attachedBy: about.key }));
    return [{ at: event.body.publishedAt.from }, ...attached].sort((one, other) => one.at - other.at);
  };

  const of = (event: RecordedEvent): readonly PublishedAt[] => {
    const known = memo.get(event);
    if (known) return known;
    const publications = read(event);
    memo.set(event, publications);
    return publications;
  };

  return {
    recorded,
    of,
    knownFrom: (event) => of(event)[0]?.at ?? event.body.publishedAt.from,
  };
}
