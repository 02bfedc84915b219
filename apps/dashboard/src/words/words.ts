import { edtfInWords } from './dates.js';

/** A family of statuses, which are drawn alike. */
export type StatusFamily = 'talk' | 'bargaining' | 'making' | 'running' | 'trouble' | 'over';

const FAMILY_OF: Readonly<Record<string, StatusFamily>> = {
  proposed: 'talk',
  announced: 'talk',
  consulting: 'talk',
  exploring: 'talk',
  sought: 'talk',
  'under-negotiation': 'bargaining',
  stalled: 'bargaining',
  'no-agreement': 'bargaining',
  agreed: 'bargaining',
  'in-development': 'making',
  'in-preparation': 'making',
  legislating: 'making',
  enacted: 'making',
  'in-pilot': 'running',
  'in-operation': 'running',
  disrupted: 'trouble',
  blocked: 'trouble',
  paused: 'trouble',
  superseded: 'over',
  ended: 'over',
  scrapped: 'over',
};

/** The family of a status; a status that is not in the list is drawn as talk. */
export const familyOf = (status: string): StatusFamily => FAMILY_OF[status] ?? 'talk';

/** Writes a word of the interface as readers see it: "in-operation" as "in operation". */
export const inWords = (word: string): string => word.replaceAll('-', ' ');

/** Writes words as they begin a sentence or a label. */
export const capitalise = (words: string): string => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;

// A date of the form EDTF that says more than a year, which needs no other words.
const DATE = /^(?=.*\d{4}-\d\d)[-[\]\d./~?%]+$/;

/** Writes a value of a state: a date, a figure with its unit, a term with its value, a word, or nothing. */
export function valueInWords(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return DATE.test(value) ? edtfInWords(value) : inWords(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return numberInWords(value);
  if (typeof value !== 'object') return '';
  const { value: amount, comparator, unit }: { value?: unknown; comparator?: unknown; unit?: unknown } = value;
  if (amount === undefined) return JSON.stringify(value);
  const compared = typeof comparator === 'string' ? (COMPARATORS[comparator] ?? '') : '';
  const number = typeof amount === 'string' ? amount : valueInWords(amount);
  return [compared, number, typeof unit === 'string' ? inWords(unit) : ''].filter((part) => part !== '').join(' ');
}

const COMPARATORS: Readonly<Record<string, string>> = {
  exact: '',
  'at-least': 'at least',
  'at-most': 'at most',
  approx: 'about',
  nearly: 'nearly',
  vague: 'in words:',
};

/** Writes a number with narrow spaces between groups of three digits, at which no line is broken. */
export function numberInWords(value: number): string {
  return new Intl.NumberFormat('en-GB', { maximumFractionDigits: 10 }).format(value).replaceAll(',', '\u202f');
}

/** Writes the path of a state's field: "negotiations.France.stage" as "negotiations: France, stage". */
export function fieldInWords(field: string): string {
  const [group = '', ...rest] = field.split('.');
  return rest.length === 0 ? inWords(group) : `${inWords(group)}: ${rest.map(inWords).join(', ')}`;
}

/** The number of things in words that agree: "1 event", "2 events". */
export const countOf = (count: number, thing: string): string =>
  `${numberInWords(count)} ${count === 1 ? thing : `${thing}s`}`;
