import type { PlaneBox, PlaneStretch } from './lay-out-plane.js';

/** Why an account of a day gave way to the next. */
export type BeliefReason = 'published' | 'corrected' | 'restored' | 'redated';

/** What was thought of one instant of the world, over a stretch of known time. */
export interface DatedBelief {
  readonly known: PlaneStretch;
  /** What held, in words; undefined where nothing was known to hold. */
  readonly words: string | undefined;
  /** Key of the event behind it; undefined where nothing was known. */
  readonly event: string | undefined;
  /** What may have held beside it, and since when. */
  readonly perhaps: readonly { readonly words: string; readonly event: string; readonly since: number }[];
  /** Undefined for the first, and where only what may have held changed. */
  readonly because: BeliefReason | undefined;
}

/** The beliefs about one instant in the order in which they were held, from one position of the log; without gaps. */
export function cutAt(boxes: readonly PlaneBox[], instant: number): readonly DatedBelief[] {
  const here = boxes.filter(({ valid }) => valid.from <= instant && instant < valid.to);
  const bounds = [...new Set(here.flatMap(({ known }) => [known.from, known.to]))].sort(compareTimes);
  const beliefs: DatedBelief[] = [];
  bounds.slice(0, -1).forEach((from, index) => {
    const known = { from, to: bounds[index + 1] ?? Infinity };
    const next = beliefIn(known, here);
    const last = beliefs.at(-1);
    if (last && isSame(last, next)) beliefs.splice(-1, 1, { ...last, known: { from: last.known.from, to: known.to } });
    else beliefs.push({ ...next, because: reasonFor(next, beliefs) });
  });
  return beliefs;
}

const compareTimes = (one: number, other: number): number => (one < other ? -1 : Number(one > other));

function beliefIn(known: PlaneStretch, boxes: readonly PlaneBox[]): DatedBelief {
  const there = boxes.filter(({ known: { from, to } }) => from <= known.from && known.to <= to);
  const sure = there.find(({ isUncertain }) => !isUncertain);
  return {
    known,
    words: sure?.words,
    event: sure?.event,
    perhaps: there
      .filter(({ isUncertain }) => isUncertain)
      .map(({ words = 'absent', event, valid }) => ({ words, event, since: valid.from }))
      .sort((one, other) => compareTimes(one.since, other.since)),
    because: undefined,
  };
}

const isSame = (one: DatedBelief, other: DatedBelief): boolean =>
  one.event === other.event &&
  one.words === other.words &&
  JSON.stringify(one.perhaps) === JSON.stringify(other.perhaps);

/**
 * Why a belief gave way: its event says something else (corrected), was never heard of before (published), was believed
 * before (restored), or had only been thought possible (redated).
 */
function reasonFor({ event, words }: DatedBelief, before: readonly DatedBelief[]): BeliefReason | undefined {
  const last = before.at(-1);
  if (!last || (last.event === event && last.words === words)) return undefined;
  if (last.event === event) return 'corrected';
  if (event === undefined || before.some((belief) => belief.event === event)) return 'restored';
  return last.perhaps.some((possible) => possible.event === event) ? 'redated' : 'published';
}
