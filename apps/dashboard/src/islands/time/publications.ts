import type { Changes } from '../../http/address.js';
import type { EventColumns } from '../../http/events/event-index.js';
import type { DateWords } from '../../words/dates.js';

/** What the time bar needs of an index of events. */
export interface PublicationIndex {
  readonly columns: Pick<EventColumns, 'publishedAt'>;
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
export function publicationDays({ columns }: PublicationIndex, dates: DateWords): readonly PublicationDay[] {
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

/** The day that the address asks for as the one of knowledge; undefined where it asks for the newest. */
export function dayAsked(time: string | undefined, dates: DateWords): string | undefined {
  if (time === undefined || /^\d{4}-\d\d-\d\d$/.test(time)) return time;
  const instant = /^\d{13}$/.test(time) ? Number(time) : Date.parse(time);
  return Number.isNaN(instant) ? undefined : dates.isoDay(new Date(instant).toISOString());
}

/** The step of the slider for a day: the last publication on or before it; -1 before the first. */
export const stepAt = (days: readonly PublicationDay[], day: string): number =>
  days.findLastIndex((each) => each.day <= day);

/** The most events of one day in each column of a histogram; a day each, while there are not too many. */
export function columnsOf(days: readonly PublicationDay[], most: number): readonly number[] {
  const columns = new Array<number>(Math.min(days.length, most)).fill(0);
  for (const [index, { events }] of days.entries()) {
    const column = Math.floor((index * columns.length) / days.length);
    columns[column] = Math.max(columns[column] ?? 0, events);
  }
  return columns;
}

/** Moves both sides of a comparison by some days of publication; undefined where one would leave them. */
export function stepSides(
  { from, to }: { readonly from: string; readonly to: string },
  days: readonly PublicationDay[],
  steps: number,
): Changes | undefined {
  const [newFrom, newTo] = [from, to].map((day) => {
    const step = stepAt(days, day);
    // A day between two publications: the one before it counts as a step back.
    const isBetween = days[step]?.day !== day;
    return days[step + steps + (isBetween && steps < 0 ? 1 : 0)]?.day;
  });
  if (newFrom === undefined || newTo === undefined) return undefined;
  return { from: newFrom, to: newTo, 'from.knownAt': undefined, 'to.knownAt': undefined };
}
