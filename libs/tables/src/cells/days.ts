import { dayAt, parseInstant } from '#domain';
import type { DayOf } from './table.js';

/** Rows next to each other are mostly about the same few days. */
const DAYS_KEPT = 10_000;

/** Finds the days of instants in a zone; what was found is kept. */
export function daysIn(zone: string): DayOf {
  const kept = new Map<string, string>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const at = parseInstant(text);
    const day = at === undefined ? text.slice(0, 10) : dayAt(at, zone);
    if (kept.size >= DAYS_KEPT) kept.clear();
    kept.set(text, day);
    return day;
  };
}
