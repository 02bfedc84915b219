import { MONTHS } from './months.js';

/** A point in time as somebody typed it: read, open to two readings, or not understood. */
export type Point =
  | { readonly kind: 'read'; readonly value: string }
  | { readonly kind: 'ambiguous'; readonly readings: readonly { readonly value: string; readonly words: string }[] }
  | { readonly kind: 'unknown'; readonly text: string };

const MONTH_NAMES = MONTHS.map((name) => name.toLowerCase());

/**
 * Reads a date as people write it: `8 July 2025`, `2025-07-08`, `July 2025` (its last day), `@157`, an instant, `today`,
 * `yesterday`. `7/8/2025` is ambiguous unless only one reading exists. `today` is the day of the log's zone, as an ISO date.
 */
export function readPoint(text: string, today: string): Point {
  const typed = text.trim().replaceAll(/\s+/g, ' ');
  const exact = readExact(typed, today);
  if (exact !== undefined) return { kind: 'read', value: exact };
  const [, first = '', second = '', year = ''] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(typed) ?? [];
  if (year !== '') return readNumbers({ first: Number(first), second: Number(second), year: Number(year) }, typed);
  const named = readNamed(typed.toLowerCase().replaceAll(',', ''));
  return named === undefined ? { kind: 'unknown', text: typed } : { kind: 'read', value: named };
}

function readExact(typed: string, today: string): string | undefined {
  const lower = typed.toLowerCase();
  if (lower === 'today' || lower === 'now') return today;
  if (lower === 'yesterday') return dayBefore(today);
  if (/^@\d+$/.test(typed) || /^\d{4}-\d\d-\d\dT/.test(typed)) return typed;
  const [, year = '', month = '', day] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(typed) ?? [];
  if (year === '') return /^\d{4}$/.test(typed) ? `${typed}-12-31` : undefined;
  return day === undefined ? lastDayOf(Number(year), Number(month)) : isoDate(Number(year), Number(month), Number(day));
}

function readNumbers({ first, second, year }: { first: number; second: number; year: number }, text: string): Point {
  const candidates = [
    { day: first, month: second },
    { day: second, month: first },
  ];
  const readings = candidates.flatMap(({ day, month }) => {
    const value = isoDate(year, month, day);
    return value === undefined ? [] : [{ value, words: `${day} ${MONTHS[month - 1] ?? ''} ${year}` }];
  });
  const [only] = readings;
  if (only === undefined) return { kind: 'unknown', text };
  const isSame = readings.every(({ value }) => value === only.value);
  return isSame ? { kind: 'read', value: only.value } : { kind: 'ambiguous', readings };
}

function readNamed(lower: string): string | undefined {
  const [, day, name = '', year = ''] =
    /^(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9})\.? (\d{4})$/.exec(lower) ?? swap(lower) ?? [];
  const month = MONTH_NAMES.findIndex((each) => name.length >= 3 && each.startsWith(name)) + 1;
  if (month === 0) return undefined;
  return day === undefined ? lastDayOf(Number(year), month) : isoDate(Number(year), month, Number(day));
}

/** Reads "July 8 2025" as "8 July 2025". */
function swap(lower: string): readonly string[] | undefined {
  const [, name, day, year] = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)? (\d{4})$/.exec(lower) ?? [];
  return name === undefined || day === undefined || year === undefined ? undefined : [lower, day, name, year];
}

function isoDate(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.toISOString().slice(0, 10) : undefined;
}

const lastDayOf = (year: number, month: number): string | undefined =>
  month < 1 || month > 12 ? undefined : new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);

const dayBefore = (isoDay: string): string => new Date(Date.parse(isoDay) - 86_400_000).toISOString().slice(0, 10);
