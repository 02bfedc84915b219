import type { HistoryBox } from '../../http/history-answers.js';

/** What was held to be so about one day, from when on it was known. */
export type Belief = Pick<HistoryBox, 'field' | 'value' | 'event' | 'known'>;

/**
 * Lists what was successively known of one field about one instant, as the record stands: of the boxes in the record the
 * ones that hold at that instant, in the order in which they became known. Values that follow themselves are one.
 */
export function beliefsAbout(validAt: string, boxes: readonly HistoryBox[]): readonly Belief[] {
  const sorted = boxes
    .filter(({ recorded, valid }) => recorded.to === null && holdsAt(valid, validAt))
    .sort((one, other) => (one.known.from ?? '').localeCompare(other.known.from ?? ''));
  const beliefs: Belief[] = [];
  for (const { field, value, event, known } of sorted) {
    const last = beliefs.at(-1);
    if (last?.event === event && JSON.stringify(last.value) === JSON.stringify(value))
      beliefs.splice(-1, 1, { ...last, known: { from: last.known.from, to: known.to } });
    else beliefs.push({ field, value, event, known });
  }
  return beliefs;
}

const holdsAt = ({ from, to }: HistoryBox['valid'], at: string): boolean =>
  (from === null || from <= at) && (to === null || to > at);
