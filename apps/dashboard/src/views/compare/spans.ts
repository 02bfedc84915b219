import { edtfInWords } from '../../words/dates.js';

/** Two days to compare, and what that is called. */
interface Span {
  readonly words: string;
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;

const LENGTHS = [
  ['in the week before', 7],
  ['in the month before', 30],
  ['in the year before', 365],
] as const;

const isDay = (text: string | undefined): text is string => text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text);

/** The spans worth offering where a side is still to be chosen: those that end on the day that is given, and from it to today. */
export function spansFor(parameters: ReadonlyMap<string, string>, today: string): readonly Span[] {
  const given = ['from', 'to', 'knownAt'].map((name) => parameters.get(name)).find(isDay) ?? today;
  const dayName = given === today ? 'today' : edtfInWords(given);
  const before = LENGTHS.map(([words, days]) => ({
    words: `${words} ${dayName}`,
    from: new Date(Date.parse(given) - days * DAY_MS).toISOString().slice(0, 10),
    to: given,
  }));
  return given === today ? before : [{ words: `from ${dayName} to today`, from: given, to: today }, ...before];
}
