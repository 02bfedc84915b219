import { type PromiseState, type SettledPromise } from './promise-states.js';
import type { DayRange } from '../dates/event-dates.js';

/** How many promises are in which state, and how far those that were fulfilled slipped. Never one score. */
export interface PromiseCounts {
  /** Plans and targets. */
  readonly promises: number;
  readonly states: Readonly<Record<PromiseState, number>>;
  /** The medians of the least and of the most days of slip, over the promises fulfilled whose bounds are closed. */
  readonly medianSlipDays: DayRange;
  /** Forecasts, which are no promises: counted apart, and by state. */
  readonly forecasts: number;
  readonly forecastStates: Readonly<Record<PromiseState, number>>;
}

/** The counts of one owner. */
export interface OwnerCounts extends PromiseCounts {
  readonly by: string;
}

/** Counts promises by owner, in order of name; one with several owners counts for each. */
export function summarizeByOwner(settled: readonly SettledPromise[]): readonly OwnerCounts[] {
  const owners = new Map<string, SettledPromise[]>();
  for (const promise of settled)
    for (const name of new Set(promise.by)) {
      const own = owners.get(name);
      if (own) own.push(promise);
      else owners.set(name, [promise]);
    }
  return [...owners].sort(([one], [other]) => (one < other ? -1 : 1)).map(([by, own]) => ({ by, ...summarize(own) }));
}

/** Counts promises, each once. */
export function summarize(settled: readonly SettledPromise[]): PromiseCounts {
  const promises = settled.filter(({ kind }) => kind !== 'forecast');
  const forecasts = settled.filter(({ kind }) => kind === 'forecast');
  const slips = promises.flatMap(({ done, slipDays }) => (done && slipDays ? [slipDays] : []));
  const closed = slips.filter(({ min, max }) => min !== null && max !== null);
  return {
    promises: promises.length,
    states: countStates(promises),
    medianSlipDays: { min: median(closed.map(({ min }) => min)), max: median(closed.map(({ max }) => max)) },
    forecasts: forecasts.length,
    forecastStates: countStates(forecasts),
  };
}

const NONE: Readonly<Record<PromiseState, number>> = {
  pending: 0,
  due: 0,
  overdue: 0,
  met: 0,
  late: 0,
  'met-or-late': 0,
  missed: 0,
  dropped: 0,
  replaced: 0,
};

function countStates(settled: readonly SettledPromise[]): Readonly<Record<PromiseState, number>> {
  const counts = { ...NONE };
  for (const { state } of settled) counts[state] += 1;
  return counts;
}

/** The middle one of the numbers, or halfway between the middle two; `null` of none. */
function median(numbers: readonly (number | null)[]): number | null {
  const sorted = numbers.filter((each) => each !== null).sort((one, other) => one - other);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
