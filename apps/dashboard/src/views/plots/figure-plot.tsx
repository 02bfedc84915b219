import type { VNode } from 'preact';
import { claimsOfRows } from '../../graphics/figures/claims-of-rows.js';
import { drawFigures } from '../../graphics/figures/draw-figures.js';
import { type FigureClaim, layOutFigures } from '../../graphics/figures/lay-out-figures.js';
import { openWallClock } from '../../graphics/time/wall-time.js';
import type { FigureRow } from '../../http/model-answers.js';
import { numberInWords } from '../../words/words.js';
import { Plot } from './plot.js';

const WIDTH_PX = 560;
const DAY_MS = 86_400_000;

interface FigurePlotProps {
  /** Figures of one measure and unit; their table is beside it. */
  readonly rows: readonly FigureRow[];
  readonly zone: string;
}

/** The claims about one measure over the periods that they speak of; nothing where fewer than two have a place. */
export function FigurePlot({ rows, zone }: FigurePlotProps): VNode | null {
  const clock = openWallClock(zone);
  const claims = claimsOfRows(rows, clock);
  const periods = claims.flatMap(({ period, value }) => (period === null || value === null ? [] : [period]));
  if (periods.length < 2) return null;
  const { from, to } = around(periods);
  const window = { from: clock.toWall(from), to: clock.toWall(to), width: WIDTH_PX };
  return (
    <div class="figure-plot">
      {layOutFigures(claims, { window, clock }).map((panel) => (
        <Plot drawing={drawFigures(panel, numberInWords)} />
      ))}
    </div>
  );
}

type Period = NonNullable<FigureClaim['period']>;

/** The stretch that holds all periods, with a little room beside them. */
function around(periods: readonly Period[]): Period {
  const from = Math.min(...periods.map((period) => period.from));
  const to = Math.max(...periods.map((period) => period.to));
  const room = Math.max((to - from) * 0.05, 15 * DAY_MS);
  return { from: from - room, to: to + room };
}
