import type { DateWords } from '../../words/dates.js';
import { numberInWords } from '../../words/words.js';

/** Says since when a page does not follow the log, on the clock of the log's zone. */
export const lossInWords = (since: string, dates: Pick<DateWords, 'time'>): string =>
  `Not live since ${dates.time(since)}, trying.`;

/** Says how much came after what a page is held at. */
export const newsInWords = (changes: number): string => `${numberInWords(changes)} new`;

/** So many policies are named in a sentence. */
const MOST_NAMED = 3;

/** The policies that a sentence names, and the words for the others: "and 4 more". */
export function nameFew(policies: readonly string[]): { readonly named: readonly string[]; readonly rest: string } {
  const others = policies.length - MOST_NAMED;
  return { named: policies.slice(0, MOST_NAMED), rest: others > 0 ? ` and ${numberInWords(others)} more` : '' };
}

/** Says that our account of a day is another than the page shows, and because of which events. */
export const otherAccountInWords = (day: string, policies: readonly string[], causes: readonly string[]): string =>
  `Our account of ${day} has changed: ${list(policies)}${causes.length === 0 ? '' : `, because of ${list(causes)}`}.`;

function list(names: readonly string[]): string {
  const { named, rest } = nameFew(names);
  return `${named.join(', ')}${rest}`;
}
