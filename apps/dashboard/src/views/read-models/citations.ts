import type { PolicyEvent, Source } from '../../http/answers.js';
import type { SourceRow } from '../../http/model-answers.js';

/** How one event cites a source. */
export interface Citation {
  /** Key of the event. */
  readonly event: string;
  /** Where in the source. */
  readonly locator?: string;
  /** True if no other source of the event is left. */
  readonly isAlone: boolean;
}

/** How the events cite a source, of those that do. Sources that their publishers withdrew do not bear an event any more. */
export function findCitations(source: SourceRow, events: readonly PolicyEvent[]): readonly Citation[] {
  const isThis = (other: Source): boolean =>
    other.publisher === source.publisher &&
    other.title === source.title &&
    (other.url ?? null) === source.url &&
    other.publishedAt === source.publishedAt;
  return events.flatMap((event) => {
    const cited = sourcesOf(event);
    const own = cited.find(isThis);
    if (own === undefined) return [];
    const isWithdrawn = (other: Source): boolean =>
      (event.withdrawnSources ?? []).some(
        ({ publisher, title }) => publisher === other.publisher && title === other.title,
      );
    const others = cited.filter((other) => !isThis(other) && !isWithdrawn(other));
    const { locator } = own;
    return [{ event: event.key, isAlone: others.length === 0, ...(locator === undefined ? {} : { locator }) }];
  });
}

const sourcesOf = ({ sources = [], attachedSources = [] }: PolicyEvent): readonly Source[] => [
  ...sources,
  ...attachedSources.map(({ source }) => source),
];
