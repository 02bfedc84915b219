/**
 * How exactly a date of the world is given: a day, a month or a year; an interval with an end on at least one side or a
 * moment between two dates; or a moment of which only one bound is known.
 */
export const DATE_PRECISIONS = ['day', 'month', 'year', 'interval', 'unknown'] as const;
export type DatePrecision = (typeof DATE_PRECISIONS)[number];

const BY_LENGTH: Readonly<Record<number, DatePrecision>> = { 10: 'day', 7: 'month', 4: 'year' };

/** The precision of an accepted date, from its text; `~` and `?` play no part in it. */
export function precisionOf(edtf: string): DatePrecision {
  if (edtf.includes('/')) return 'interval';
  if (edtf.startsWith('[')) return /^\[\.\.|\.\.\]$/.test(edtf) ? 'unknown' : 'interval';
  return BY_LENGTH[edtf.replace(APPROXIMATE, '').length] ?? 'unknown';
}

const APPROXIMATE = /[~?]/;

/** True for a date that is given as approximate or uncertain (`~` or `?`) on any side. */
export const isApproximate = (edtf: string): boolean => APPROXIMATE.test(edtf);
