import { type Instant, formatInstant } from './time.js';
import { readWorldDate } from './world-date.js';

/** A duration of ISO 8601. Months and seconds are kept apart, since months differ in length. */
interface Duration {
  readonly months: number;
  readonly seconds: number;
}

/** The prefix of a `comparedTo` that names the preceding time by its length. */
const PRECEDING = 'preceding ';

/**
 * The normalised form of a `period` or `comparedTo`: two texts have the same key exactly if they name the same time.
 *
 * Dates are the same when their bounds in `zone` are (`2024`, `2024-01/2024-12`), lengths when they are as long (`P1Y`,
 * `P12M`; `P1W`, `P7D`), and so are those after "preceding". Without a text, or with null: the empty text. A text that
 * is none of these is its own key.
 */
export function periodKey(text: string | null | undefined, zone: string): string {
  if (text === null || text === undefined) return '';
  if (text.startsWith(PRECEDING)) return PRECEDING + durationKey(text.slice(PRECEDING.length));
  const date = readWorldDate(text, zone);
  return typeof date === 'string' ? durationKey(text) : `${date.earliest}/${date.latest}`;
}

/** The first and the last day of a period, `YYYY-MM-DD`; null where it is open, or not a date, such as a duration. */
export function periodDays(text: string | null): { readonly first: string | null; readonly last: string | null } {
  const date = text === null ? 'outside-profile' : readWorldDate(text, 'UTC');
  if (typeof date === 'string') return { first: null, last: null };
  return { first: dayOf(date.earliest), last: dayOf(date.latest) };
}

const dayOf = (at: Instant): string | null => (Number.isFinite(at) ? formatInstant(at).slice(0, 10) : null);

/** True for a duration of ISO 8601, such as `P1Y` or `PT36H`. */
export const isDuration = (text: string): boolean => readDuration(text) !== undefined;

/** True for the time just before of a given length, such as `preceding P1Y`. */
export const isPreceding = (text: string): boolean =>
  text.startsWith(PRECEDING) && isDuration(text.slice(PRECEDING.length));

function durationKey(text: string): string {
  const duration = readDuration(text);
  return duration ? `P${duration.months}M${duration.seconds}S` : text;
}

const DURATION =
  /^P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

const DAY_SECONDS = 86_400;

function readDuration(text: string): Duration | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return {
    months: 12 * years + months,
    seconds: DAY_SECONDS * (7 * weeks + days) + 3600 * hours + 60 * minutes + seconds,
  };
}
