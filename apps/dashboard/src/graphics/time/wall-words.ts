import { MONTHS } from '../../words/months.js';

const DAY_MS = 86_400_000;

/** The name of a month of wall time: "July". */
export const nameMonth = (wall: number): string => MONTHS[new Date(wall).getUTCMonth()] ?? '';

/** The year of wall time: "2025". */
export const nameYear = (wall: number): string => String(new Date(wall).getUTCFullYear());

/** A day of wall time without its year: "8 July". */
export const nameDayOfYear = (wall: number): string => `${new Date(wall).getUTCDate()} ${nameMonth(wall)}`;

/** A day of wall time in words: "8 July 2025". */
export const nameDay = (wall: number): string => `${nameDayOfYear(wall)} ${nameYear(wall)}`;

/** Hours and minutes of wall time: "14:05". */
export const nameClock = (wall: number): string => new Date(wall).toISOString().slice(11, 16);

/** A stretch of wall time with both ends included; infinite where open. */
export interface WallStretch {
  readonly from: number;
  readonly to: number;
}

/**
 * A stretch in words as short as it can be said: "8 July 2025", "July 2025", "2025", "between 8 July and 3 August 2025",
 * "by 8 July 2025", "from 8 July 2025 on", "at an unknown time". Days, not hours, are told.
 */
export function nameStretch({ from, to }: WallStretch): string {
  if (from === -Infinity) return to === Infinity ? 'at an unknown time' : `by ${nameDay(to)}`;
  if (to === Infinity) return `from ${nameDay(from)} on`;
  return nameWhole({ from, to }) ?? `between ${nameFirst({ from, to })} and ${nameDay(to)}`;
}

/** A stretch that is a whole day, month or year, by its name; undefined for any other. */
function nameWhole({ from, to }: WallStretch): string | undefined {
  const [first, next] = [new Date(from), new Date(to + 1)];
  if (Math.floor(from / DAY_MS) === Math.floor(to / DAY_MS)) return nameDay(from);
  if (!isMidnight(from) || !isMidnight(to + 1) || first.getUTCDate() !== 1 || next.getUTCDate() !== 1) return undefined;
  const months = (next.getUTCFullYear() - first.getUTCFullYear()) * 12 + next.getUTCMonth() - first.getUTCMonth();
  if (months === 1) return `${nameMonth(from)} ${nameYear(from)}`;
  return months === 12 && first.getUTCMonth() === 0 ? nameYear(from) : undefined;
}

const isMidnight = (wall: number): boolean => wall % DAY_MS === 0;

const nameFirst = ({ from, to }: WallStretch): string =>
  nameYear(from) === nameYear(to) ? nameDayOfYear(from) : nameDay(from);
