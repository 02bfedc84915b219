import { utcTicks } from 'd3-time';
import { type TimeWindow, placeOf } from './scale.js';
import { nameClock, nameDay, nameDayOfYear, nameMonth, nameYear } from './wall-words.js';

/** One line of the time axis. */
export interface Tick {
  readonly wall: number;
  /** Pixels from the left edge of the window. */
  readonly place: number;
  /** What is written at it: as little as tells it from the ticks around it. */
  readonly label: string;
  /** Its day and, where the ticks are hours, its time. */
  readonly name: string;
}

// "30 September 2025, 06:00" in the type of the axis.
const LABEL_PX = 140;

const HOUR_MS = 3_600_000;

// Ticks closer than minutes would have labels that do not tell them apart.
const FINEST_MS = 15 * 60_000;

/** The ticks of a window of wall time: at midnights, firsts of months and of years, or at hours where days are wide. */
export function ticksIn(window: TimeWindow): readonly Tick[] {
  const count = Math.min(Math.floor(window.width / LABEL_PX), (window.to - window.from) / FINEST_MS);
  if (count < 1) return [];
  const walls = utcTicks(new Date(window.from), new Date(window.to), count).map((date) => date.getTime());
  const nameTick = labelsFor(walls);
  return walls.map((wall, index) => ({
    wall,
    place: placeOf(window, wall),
    label: nameTick(wall, walls[index - 1]),
    name: walls.every(isMidnight) ? nameDay(wall) : `${nameDay(wall)}, ${nameClock(wall)}`,
  }));
}

type TickLabel = (wall: number, before: number | undefined) => string;

/** How ticks are written, by the least part of the calendar in which any two of them differ. */
function labelsFor(walls: readonly number[]): TickLabel {
  if (walls.some((wall) => !isMidnight(wall))) return labelHour;
  if (walls.some((wall) => new Date(wall).getUTCDate() !== 1)) return labelDay;
  return walls.some((wall) => new Date(wall).getUTCMonth() !== 0) ? labelMonth : nameYear;
}

const isMidnight = (wall: number): boolean => wall % (24 * HOUR_MS) === 0;

function labelHour(wall: number, before: number | undefined): string {
  if (isMidnight(wall)) return nameDay(wall);
  return before === undefined ? `${nameDay(wall)}, ${nameClock(wall)}` : nameClock(wall);
}

const labelDay: TickLabel = (wall, before) =>
  before === undefined || nameYear(before) !== nameYear(wall) ? nameDay(wall) : nameDayOfYear(wall);

const labelMonth: TickLabel = (wall, before) =>
  before === undefined || nameYear(before) !== nameYear(wall)
    ? `${nameMonth(wall)} ${nameYear(wall)}`
    : nameMonth(wall);
