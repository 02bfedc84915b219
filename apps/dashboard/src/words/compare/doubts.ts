import type { HistoryRow } from '../../graphics/lanes/history-segments.js';
import { type BeliefReason, cutAt } from '../../graphics/plane/belief-strip.js';
import { boxesOfRows } from '../../graphics/plane/boxes-of-rows.js';
import { type Belief, beliefsAbout } from './beliefs.js';

/** A line of what was thought about a day: what was held to be so, or only possible. */
export interface BeliefLine extends Belief {
  readonly isDoubt: boolean;
  /** Why it took the place of what was thought before; undefined for the first, and for doubts. */
  readonly because: BeliefReason | undefined;
}

/** What was successively thought about an instant, as the record stands, and what was thought possible beside it. */
export function beliefsWithDoubts(validAt: string, rows: readonly HistoryRow[]): readonly BeliefLine[] {
  const isDoubtful = ({ certainty }: HistoryRow): boolean => certainty === 'uncertain';
  const cut = cutAt(boxesOfRows(rows), Date.parse(validAt));
  const reasonOf = ({ event, known }: Belief): BeliefReason | undefined =>
    cut.find((each) => each.event === event && each.known.from === startOf(known.from))?.because;
  const held = beliefsAbout(
    validAt,
    rows.filter((row) => !isDoubtful(row)),
  );
  const doubted = beliefsAbout(validAt, rows.filter(isDoubtful));
  return [
    ...held.map((belief) => ({ ...belief, isDoubt: false, because: reasonOf(belief) })),
    ...doubted.map((belief) => ({ ...belief, isDoubt: true, because: undefined })),
  ].sort((one, other) => compareTimes(startOf(one.known.from), startOf(other.known.from)));
}

const startOf = (at: string | null): number => (at === null ? -Infinity : Date.parse(at));

const compareTimes = (one: number, other: number): number => (one < other ? -1 : Number(one > other));

const REASONS: Readonly<Record<BeliefReason, string>> = {
  published: 'published then',
  corrected: 'corrected then',
  restored: 'since what had replaced it no longer counted',
  redated: 'since its date became known',
};

/** Why a belief took the place of another, in words. */
export const reasonInWords = (because: BeliefReason): string => REASONS[because];
