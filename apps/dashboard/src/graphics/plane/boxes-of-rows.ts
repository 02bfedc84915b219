import type { HistoryBox } from '../../http/history-answers.js';
import { inWords, valueInWords } from '../../words/words.js';
import { NEUTRAL_LOOK, lookOfStatus } from '../lanes/status-looks.js';
import type { AxisExtent } from './axes.js';
import type { PlaneBox, PlaneStretch } from './lay-out-plane.js';

/** A row of a history, where it may say whether the value held or may have. */
interface CertainBox extends HistoryBox {
  readonly certainty?: string;
}

/** The rows of one field's history in the record at a position, or that it has now, as boxes of the plane. */
export const boxesOfRows = (rows: readonly CertainBox[], position = Infinity): readonly PlaneBox[] =>
  rows
    .filter(({ recorded }) => recorded.from <= position && (recorded.to === null || position < recorded.to))
    .map(({ field, value, event, known, valid, certainty }) => ({
      event,
      known: stretchOf(known),
      valid: stretchOf(valid),
      words: value === null ? undefined : typeof value === 'string' ? inWords(value) : valueInWords(value),
      look: field === 'status' && typeof value === 'string' ? lookOfStatus(value) : NEUTRAL_LOOK,
      isUncertain: certainty === 'uncertain',
    }));

/** The positions of the log at which the record of a field changed, in order. */
export const positionsOf = (rows: readonly HistoryBox[]): readonly number[] =>
  [...new Set(rows.flatMap(({ recorded: { from, to } }) => (to === null ? [from] : [from, to])))].sort(
    (one, other) => one - other,
  );

const stretchOf = ({ from, to }: HistoryBox['known']): PlaneStretch => ({
  from: from === null ? -Infinity : Date.parse(from),
  to: to === null ? Infinity : Date.parse(to),
});

// A plane about one instant is a month wide.
const LEAST_MS = 30 * 86_400_000;

/** The stretch that shows all bounds, with room beside them for what has no end. */
export function extentAround(bounds: readonly number[], length: number): AxisExtent {
  const finite = bounds.filter(Number.isFinite);
  const [from, to] = finite.length === 0 ? [0, 0] : [Math.min(...finite), Math.max(...finite)];
  const room = Math.max((to - from) * 0.1, LEAST_MS);
  return { from: from - room, to: to + room, length };
}
