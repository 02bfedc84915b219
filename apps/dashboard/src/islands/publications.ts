import type { DateWords } from '../words/dates.js';

/** The columns of the event index that the time bar needs. */
export interface EventIndex {
  readonly columns: { readonly publishedAt: readonly number[] };
}

/** A day on which something was published, and how much. */
export interface PublicationDay {
  /** As an ISO date in the zone of the log. */
  readonly day: string;
  readonly events: number;
  /** How many events were known at the end of that day. */
  readonly known: number;
}

/** Lists the days of publication in order; the steps of the slider. */
export function publicationDays({ columns }: EventIndex, dates: DateWords): readonly PublicationDay[] {
  const counts = new Map<string, number>();
  for (const at of columns.publishedAt) {
    const day = dates.isoDay(new Date(at).toISOString());
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  let known = 0;
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([day, events]) => {
      known += events;
      return { day, events, known };
    });
}

/** The step of the slider for a day: the last publication on or before it; -1 before the first. */
export const stepAt = (days: readonly PublicationDay[], day: string): number =>
  days.findLastIndex((each) => each.day <= day);
