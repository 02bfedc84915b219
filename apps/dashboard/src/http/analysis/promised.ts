import type { DayRange, PromiseState } from './analysis-answers.js';

/** The promises of a policy that are in one state. */
export interface PromisedCount {
  readonly state: PromiseState;
  readonly count: number;
  /** The least and the most that any of them slipped; absent where none has a slip. */
  readonly slip?: DayRange;
}

/** What the table of all policies reads of a promise. */
export interface PromisedRow {
  readonly policy: string;
  readonly state: PromiseState;
  readonly slipDaysMin: number | null;
  readonly slipDaysMax: number | null;
}

/** The columns of promises that are read for the table of all policies. */
export const PROMISED_COLUMNS = 'policy,state,slipDaysMin,slipDaysMax';

/** The states of promises, those that are to be asked about first. */
export const PROMISE_STATES: readonly PromiseState[] = [
  'overdue',
  'due',
  'pending',
  'missed',
  'late',
  'met-or-late',
  'met',
  'replaced',
  'dropped',
];

/** Counts promises by state. */
export const countPromised = (rows: readonly PromisedRow[]): readonly PromisedCount[] =>
  PROMISE_STATES.flatMap((state) => {
    const own = rows.filter((row) => row.state === state);
    const slipped = own.filter(({ slipDaysMin, slipDaysMax }) => slipDaysMin !== null || slipDaysMax !== null);
    const counted = { state, count: own.length };
    if (own.length === 0) return [];
    return slipped.length === 0 ? [counted] : [{ ...counted, slip: rangeOver(slipped) }];
  });

/** The range that all of them lie in; an open bound of one is a bound of none. */
const rangeOver = (rows: readonly PromisedRow[]): DayRange => ({
  min: rows.reduce<number | null>(
    (least, { slipDaysMin }) => (least === null || slipDaysMin === null ? null : Math.min(least, slipDaysMin)),
    Infinity,
  ),
  max: rows.reduce<number | null>(
    (most, { slipDaysMax }) => (most === null || slipDaysMax === null ? null : Math.max(most, slipDaysMax)),
    -Infinity,
  ),
});
