import type { DateWords } from './dates.js';
import { edtfInWords } from './dates.js';
import { countOf } from './words.js';

const DAY_MS = 86_400_000;

/** The number of midnights of the log's zone between two instants. */
export const daysBetween = (dates: DateWords, from: string, to: string): number =>
  Math.round((Date.parse(dates.isoDay(to)) - Date.parse(dates.isoDay(from))) / DAY_MS);

const UNITS = { Y: 'year', M: 'month', W: 'week', D: 'day' } as const;

/** Writes what a figure counts over, a date of the form EDTF or a duration: "2022", "3 years". */
export function periodInWords(period: string): string {
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(period);
  if (parts === null) return edtfInWords(period);
  const words = Object.values(UNITS).flatMap((unit, index) => {
    const count = parts[index + 1];
    return count === undefined ? [] : [countOf(Number(count), unit)];
  });
  return words.length === 0 ? period : words.join(' and ');
}

/** Writes what a figure is compared with: a date, or the time before of the same length. */
export function comparisonInWords(comparedTo: string): string {
  const [first = '', duration] = comparedTo.split(/\s+/);
  if (first !== 'preceding') return periodInWords(comparedTo);
  return duration === undefined ? 'the time before' : `the ${periodInWords(duration)} before`;
}
