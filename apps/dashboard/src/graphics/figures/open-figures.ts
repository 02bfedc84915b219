import type { FigureRow } from '../../http/model-answers.js';
import type { Drawing } from '../paint/shapes.js';
import { openWallClock } from '../time/wall-time.js';
import { claimsOfRows } from './claims-of-rows.js';
import { drawFigures } from './draw-figures.js';
import { type FigureClaim, layOutFigures, layOutVintages } from './lay-out-figures.js';

const WIDTH_PX = 560;
const DAY_MS = 86_400_000;

type NameValue = (value: number) => string;

/** Draws the claims about one measure over the periods that they speak of; nothing where fewer than two have a place. */
export function figuresOverTime(rows: readonly FigureRow[], zone: string, nameValue: NameValue): readonly Drawing[] {
  const clock = openWallClock(zone);
  const claims = claimsOfRows(rows, clock);
  const periods = claims.flatMap(({ period, value }) => (period === null || value === null ? [] : [period]));
  if (periods.length < 2) return [];
  const { from, to } = around(periods);
  const window = { from: clock.toWall(from), to: clock.toWall(to), width: WIDTH_PX };
  return layOutFigures(claims, { window, clock }).map((panel) => drawFigures(panel, nameValue));
}

// More periods than those are chosen from in the table.
const MOST_PERIODS = 6;

/** The periods, as written, about which there are several claims with a number; the newest first. */
export function periodsOfVintages(rows: readonly FigureRow[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { period, value } of rows)
    if (period !== null && value !== null) counts.set(period, (counts.get(period) ?? 0) + 1);
  const several = [...counts].filter(([, count]) => count > 1).map(([period]) => period);
  return several.sort((one, other) => (one < other ? 1 : -1)).slice(0, MOST_PERIODS);
}

interface VintageFrame {
  readonly zone: string;
  readonly period: string;
  /** The instant until which what was known is shown. */
  readonly knownAt: string;
  readonly nameValue: NameValue;
}

/** Draws the claims about one period over the time in which they were known. */
export function vintagesOf(rows: readonly FigureRow[], frame: VintageFrame): readonly Drawing[] {
  const clock = openWallClock(frame.zone);
  const claims = claimsOfRows(
    rows.filter(({ period }) => period === frame.period),
    clock,
  );
  const known = claims.map(({ knownFrom }) => ({ from: knownFrom, to: knownFrom }));
  const now = Date.parse(frame.knownAt);
  const { from, to } = around([...known, { from: now, to: now }]);
  const window = { from: clock.toWall(from), to: clock.toWall(to), width: WIDTH_PX };
  return layOutVintages(claims, { window, clock }).map((panel) => drawFigures(panel, frame.nameValue));
}

type Period = NonNullable<FigureClaim['period']>;

/** The stretch that holds all periods, with a little room beside them. */
function around(periods: readonly Period[]): Period {
  const from = Math.min(...periods.map((period) => period.from));
  const to = Math.max(...periods.map((period) => period.to));
  const room = Math.max((to - from) * 0.05, 15 * DAY_MS);
  return { from: from - room, to: to + room };
}
