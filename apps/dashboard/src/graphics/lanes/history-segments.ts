import type { Uncertain } from '../../http/answers.js';
import type { HistoryBox } from '../../http/history-answers.js';
import { inWords, valueInWords } from '../../words/words.js';
import type { LaneSegment } from './lane-input.js';
import { NEUTRAL_LOOK, lookOfStatus } from './status-looks.js';

/** A box of a history, where it may say whether the value held there or may have. */
export interface HistoryRow extends HistoryBox {
  /** Its slug, in histories of several policies. */
  readonly policy?: string;
  /** It held where this is absent. */
  readonly certainty?: string;
}

const startOf = (at: string | null): number => (at === null ? -Infinity : Date.parse(at));
const endOf = (at: string | null): number => (at === null ? Infinity : Date.parse(at));

/** What was known of a field at an instant, from the rows of its history in force at the newest position asked for. */
export function segmentsAt(rows: readonly HistoryRow[], knownAt: string): readonly LaneSegment[] {
  const instant = Date.parse(knownAt);
  return rows
    .filter(
      ({ recorded, known }) => recorded.to === null && startOf(known.from) <= instant && instant < endOf(known.to),
    )
    .filter(({ value }) => value !== null)
    .map(({ valid, certainty, ...row }) => {
      const [from, to] = [startOf(valid.from), endOf(valid.to)];
      return { ...segmentOf(row), from, settled: certainty === 'uncertain' ? to : from, to };
    });
}

/** What may hold, up to when that is settled. */
export const segmentsInDoubt = (rows: readonly Uncertain[]): readonly LaneSegment[] =>
  rows.map(({ from, settled, ...row }) => ({
    ...segmentOf(row),
    from: startOf(from),
    settled: endOf(settled),
    to: endOf(settled),
  }));

type Valued = Pick<HistoryRow, 'field' | 'value' | 'event'>;

const segmentOf = ({ field, value, event }: Valued): Pick<LaneSegment, 'words' | 'look' | 'event' | 'modality'> => ({
  ...(field === 'status' && typeof value === 'string'
    ? { words: inWords(value), look: lookOfStatus(value) }
    : { words: valueInWords(value), look: NEUTRAL_LOOK }),
  event,
  modality: 'actual',
});
