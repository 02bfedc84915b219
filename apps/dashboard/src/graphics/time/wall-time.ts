/**
 * The clock on the wall of one time zone: instants to wall time and back.
 *
 * Wall time is what calendar and clock of the zone show, written as the milliseconds at which UTC would show the same.
 * So midnights of the zone are midnights of UTC on that scale, whatever zone the process or the reader is in. Infinite
 * times stay infinite.
 */
export interface WallClock {
  readonly zone: string;
  /** The wall time at an instant. An hour that the clock repeats has the same wall time twice. */
  readonly toWall: (instant: number) => number;
  /** The first instant whose wall time is at or after the one given: of an hour that is skipped, the change itself. */
  readonly toInstant: (wall: number) => number;
}

const DAY_MS = 86_400_000;

// No zone has ever changed its offset and changed it back within a week.
const STRETCH_MS = 7 * DAY_MS;

// More than any offset there is or was, so that the offsets around a wall time are those half a week before and after it.
const AROUND_MS = 2 * DAY_MS;

/** Reads the clock of a zone of the IANA database. Offsets are looked up once a week of time and kept. */
export function openWallClock(zone: string): WallClock {
  const offsetAt = memoiseOffsets(readOffsets(zone));
  return {
    zone,
    toWall: (instant) => (Number.isFinite(instant) ? instant + offsetAt(instant) : instant),
    toInstant: (wall) => (Number.isFinite(wall) ? firstInstantOfWall(wall, offsetAt) : wall),
  };
}

type OffsetAt = (instant: number) => number;

function firstInstantOfWall(wall: number, offsetAt: OffsetAt): number {
  const before = offsetAt(wall - AROUND_MS);
  const after = offsetAt(wall + AROUND_MS);
  const candidates = [wall - before, wall - after].sort((one, other) => one - other);
  const shown = candidates.find((instant) => instant + offsetAt(instant) === wall);
  return shown ?? changeBetween({ from: wall - AROUND_MS, to: wall + AROUND_MS }, offsetAt);
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The first instant of a stretch at which its last offset is in force; the stretch has one change. */
function changeBetween({ from, to }: Stretch, offsetAt: OffsetAt): number {
  const after = offsetAt(to);
  let [last, first] = [from, to];
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (offsetAt(middle) === after) first = middle;
    else last = middle;
  }
  return first;
}

/** The offsets of a week: one, or two with the instant of the change. */
interface WeekOffsets {
  readonly before: number;
  readonly change: number;
  readonly after: number;
}

function memoiseOffsets(read: OffsetAt): OffsetAt {
  const weeks = new Map<number, WeekOffsets>();
  return (instant) => {
    const week = Math.floor(instant / STRETCH_MS);
    const known = weeks.get(week) ?? offsetsOfWeek(week, read);
    weeks.set(week, known);
    return instant < known.change ? known.before : known.after;
  };
}

function offsetsOfWeek(week: number, read: OffsetAt): WeekOffsets {
  const stretch = { from: week * STRETCH_MS, to: (week + 1) * STRETCH_MS };
  const [before, after] = [read(stretch.from), read(stretch.to)];
  return { before, after, change: before === after ? -Infinity : changeBetween(stretch, read) };
}

/** Asks the runtime what the clock of the zone shows. Offsets had seconds once, never milliseconds. */
function readOffsets(zone: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const whole = Math.floor(instant / 1000) * 1000;
    const parts = new Map(format.formatToParts(whole).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
    const shown = wallTimeOf({ year, month: part('month'), day: part('day') });
    return shown + part('hour') * 3_600_000 + part('minute') * 60_000 + part('second') * 1000 - whole;
  };
}

/** A day of the calendar; months from 1. */
export interface WallDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The wall time of a day's first millisecond. */
export function wallTimeOf({ year, month, day }: WallDay): number {
  // Date.UTC takes the years 0 to 99 for those of the twentieth century.
  return new Date(0).setUTCFullYear(year, month - 1, day);
}
