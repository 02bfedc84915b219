import { EDTF_FORMS } from '../values/world-date.js';
import { daysInMonth } from '../values/time.js';

/** Explains why a text is not a supported date, and what to write instead. */
export const explainUnsupportedDate = (text: string): string =>
  `"${text.slice(0, 40)}" is not a supported date. ${reasonAgainst(text) ?? `Use one of these forms: ${EDTF_FORMS}.`}`;

/** Explains why a text is not a supported time of publication, and what to write instead. */
export function explainUnsupportedPublication(text: string): string {
  const advice = 'Write a full day (2025-07-10) or an instant with its offset (2025-07-10T09:30:00Z).';
  const isWithoutOffset = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text);
  const reason = isWithoutOffset ? 'Its offset from UTC is missing, such as Z or +01:00.' : calendarFault(text);
  return `"${text.slice(0, 40)}" is not a supported time of publication. ${reason ? `${reason} ` : ''}${advice}`;
}

/** The most specific explanation; without one all supported forms are listed. */
const reasonAgainst = (text: string): string | undefined => setFault(text) ?? calendarFault(text) ?? formFault(text);

function setFault(text: string): string | undefined {
  const [, first = '', last = ''] = /^\[(.*)\.\.(.*)\]$/.exec(text) ?? [];
  if (first === '' || last === '') return undefined;
  if (/[~?]/.test(text)) return 'The ends of a set cannot be approximate: remove ~ and ?.';
  if (first.length !== last.length)
    return 'Both ends of a set need the same precision: two days, two months or two years.';
  return undefined;
}

const FULL_YEAR = /(\d{4})-(\d{2})(?:-(\d{2}))?/g;

/** The first month or day in a text that does not exist in the calendar. */
function calendarFault(text: string): string | undefined {
  for (const [, year, month, day] of text.matchAll(FULL_YEAR)) {
    const fault =
      monthFault(Number(month)) ?? (day === undefined ? undefined : dayFault(Number(year), Number(month), Number(day)));
    if (fault !== undefined) return fault;
  }
  return /(?<!\d)0000(?!\d)/.test(text) ? 'Years go from 0001 to 9999.' : undefined;
}

function monthFault(month: number): string | undefined {
  if (month >= 1 && month <= 12) return undefined;
  return month >= 21 && month <= 41
    ? 'Seasons and quarters are not supported: write the months, such as 2025-03/2025-05.'
    : `There is no month ${String(month).padStart(2, '0')}: months go from 01 to 12.`;
}

const MONTHS = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' });

function dayFault(year: number, month: number, day: number): string | undefined {
  const days = daysInMonth(year, month);
  return day >= 1 && day <= days ? undefined : `${MONTHS.format(Date.UTC(2000, month - 1))} ${year} has ${days} days.`;
}

const FORM_FAULTS: readonly (readonly [form: RegExp, advice: string])[] = [
  [/^\d{4}-\d{2}-\d{2}T/, 'It has no time of day: write the day alone, such as 2025-07-10.'],
  [/^\d{1,2}[./-]\d{1,2}[./-]\d{4}$/, 'Write the year first, then month and day: 2025-07-10.'],
  [/^\d{4}[./]\d{1,2}([./]\d{1,2})?$/, 'Join year, month and day by hyphens: 2025-07-10.'],
  [/^\d{4}-\d{1,2}(-\d{1,2})?$/, 'Write month and day with two digits: 2025-07-01.'],
  [/^\d{1,3}[XxUu]{1,3}|^\d{2,4}-[XxUu]{2}/, 'Digits cannot be left open: write a set, such as [2020..2029].'],
  [/^\d{3,4}s$/, 'Write a decade as a set, such as [2020..2029].'],
  [/^\/|\/$/, 'Write .. for an open end: ../2024 or 2024/..'],
];

const formFault = (text: string): string | undefined => FORM_FAULTS.find(([form]) => form.test(text))?.[1];
