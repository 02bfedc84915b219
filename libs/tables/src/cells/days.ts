import { dayAt, endOfDay, instant, startOfDay } from '#domain';
import type { DayOf } from './table.js';

const DAY_MS = 86_400_000;

interface LocalDay {
  readonly day: string;
  readonly from: number;
  readonly to: number;
}

/** Finds the days of instants in a zone, which answers write all in one form. Each day is worked out once: rows of a table are about few of them. */
export function daysIn(zone: string): DayOf {
  // By the day in UTC, of which a local day has a part.
  const kept = new Map<number, LocalDay[]>();
  return (text) => {
    const at = instant(Date.parse(text));
    if (Number.isNaN(at)) return text.slice(0, 10);
    const number = Math.floor(at / DAY_MS);
    const near = kept.get(number) ?? [];
    const known = near.find(({ from, to }) => from <= at && at <= to);
    if (known) return known.day;
    const day = dayAt(at, zone);
    kept.set(number, [...near, { day, from: startOfDay(day, zone), to: endOfDay(day, zone) }]);
    return day;
  };
}
