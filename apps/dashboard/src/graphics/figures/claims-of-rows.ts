import type { FigureRow } from '../../http/model-answers.js';
import { periodInWords } from '../../words/periods.js';
import { inWords, valueInWords } from '../../words/words.js';
import { type WallClock, wallTimeOf } from '../time/wall-time.js';
import type { FigureClaim } from './lay-out-figures.js';

/** The figures of an answer as claims to lay out. */
export const claimsOfRows = (rows: readonly FigureRow[], clock: WallClock): readonly FigureClaim[] =>
  rows.map((row) => {
    const { event, measure, unit, value, supersededBy, claimedBy, comparator } = row;
    return {
      event,
      measure,
      unit,
      value,
      supersededBy,
      claimedBy,
      comparator: comparatorOf(comparator),
      words: value === null ? `no number given, in ${inWords(unit)}` : valueInWords({ value, comparator, unit }),
      low: comparator === 'at-most' ? null : value,
      high: comparator === 'at-least' ? null : value,
      period: row.period === null ? null : periodOf(row.period, clock),
      periodWords: row.period === null ? '' : periodInWords(row.period),
      epistemic: row.epistemic,
      knownFrom: Date.parse(row.knownFrom),
      conflictsWith: row.conflicts.events,
    };
  });

const COMPARATORS = ['exact', 'at-least', 'at-most', 'approx', 'nearly', 'vague'] as const;

const comparatorOf = (word: string): FigureClaim['comparator'] => COMPARATORS.find((each) => each === word) ?? 'vague';

const DATE = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?[~?]?$/;

/** The instants between which a period lies; null for a length of time, and for what has an open end. */
function periodOf(edtf: string, { toInstant }: WallClock): FigureClaim['period'] {
  const [first = '', last = first] = edtf.replace(/^\[(.*)\]$/, '$1').split(/\/|\.\./);
  const [from, to] = [DATE.exec(first), DATE.exec(last)];
  if (!from || !to) return null;
  return { from: toInstant(startOf(from)), to: toInstant(endOf(to)) - 1 };
}

type DateParts = readonly (string | undefined)[];

const startOf = ([, year, month = '1', day = '1']: DateParts): number =>
  wallTimeOf({ year: Number(year), month: Number(month), day: Number(day) });

/** The first wall time after a date. Months and days beyond the last are those of the next year or month. */
function endOf([, year, month, day]: DateParts): number {
  if (month === undefined) return wallTimeOf({ year: Number(year) + 1, month: 1, day: 1 });
  if (day === undefined) return wallTimeOf({ year: Number(year), month: Number(month) + 1, day: 1 });
  return wallTimeOf({ year: Number(year), month: Number(month), day: Number(day) + 1 });
}
