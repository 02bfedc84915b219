import type { DayRange } from '../../http/analysis/analysis-answers.js';
import type { PromisedCount } from '../../http/analysis/promised.js';
import { countOf, inWords, numberInWords } from '../words.js';

/** By how many days something slipped: "29 days later", "from 3 to 40 days later", "at least 5 days later". */
export function slipInWords({ min, max }: DayRange): string {
  if (min === null) return max === null ? 'by how much is not known' : fromAnyTo(max);
  if (max === null) return fromOn(min);
  if (min === max) return min === 0 ? 'on the day' : min < 0 ? earlier(min) : later(min);
  if (min === 0) return `up to ${later(max)}`;
  if (max === 0) return `up to ${earlier(min)}`;
  if (min > 0) return `from ${numberInWords(min)} to ${later(max)}`;
  return max < 0 ? `from ${numberInWords(-max)} to ${earlier(min)}` : `from ${earlier(min)} to ${later(max)}`;
}

function fromAnyTo(max: number): string {
  if (max === 0) return 'on the day or earlier';
  return max < 0 ? `at least ${earlier(max)}` : `at most ${later(max)}`;
}

function fromOn(min: number): string {
  if (min === 0) return 'on the day or later';
  return min > 0 ? `at least ${later(min)}` : `at most ${earlier(min)}`;
}

const earlier = (days: number): string => `${daysOf(-days)} earlier`;
const later = (days: number): string => `${daysOf(days)} later`;
const daysOf = (days: number): string => countOf(days, 'day');

/** How many days lie between two events: "173 to 174 days". */
export function spanInWords({ min, max }: DayRange): string {
  if (min === null && max === null) return 'not known';
  if (min === null) return `at most ${daysOf(max ?? 0)}`;
  if (max === null) return `at least ${daysOf(min)}`;
  return min === max ? daysOf(min) : `${numberInWords(min)} to ${daysOf(max)}`;
}

/** What a state of promises says, where the word alone does not. */
const STATES: Readonly<Record<string, string>> = {
  overdue: 'overdue: nothing is recorded that fulfils it',
  pending: 'pending',
  due: 'due now',
  late: 'met late',
  'met-or-late': 'met, perhaps late',
  replaced: 'moved to another date',
};

/** A state of a promise in words. */
export const promiseStateInWords = (state: string): string => STATES[state] ?? inWords(state);

/** How many promises are in a state, with the slip that lies behind it. */
export function countInWords({ state, count, slip }: PromisedCount): string {
  const counted = `${numberInWords(count)} ${inWords(state)}`;
  return slip === undefined || !SLIPPING.includes(state) ? counted : `${counted}, ${slipInWords(slip)}`;
}

/** States of which the days tell something that the word does not. */
const SLIPPING: readonly string[] = ['overdue', 'late', 'met-or-late'];
