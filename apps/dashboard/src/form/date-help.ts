import { readPoint } from '../words/points.js';

/** How precisely somebody knows when something happened. */
export const DATE_KINDS = [
  'on a day',
  'in a month',
  'about',
  'early in a month',
  'in the middle of a month',
  'late in a month',
  'some day between',
  'at the latest by',
  'lasting from … to',
] as const;

export type DateKind = (typeof DATE_KINDS)[number];

/** What somebody says of a date: how precisely it is known, and one or two dates as typed. */
export interface SaidDate {
  readonly kind: DateKind;
  readonly first: string;
  readonly second: string;
}

/** Writes what is said of a date as EDTF; undefined while it cannot be read. */
export function writeEdtf({ kind, first, second }: SaidDate, today: string): string | undefined {
  const [from, to] = [dayOf(first, today), dayOf(second, today)];
  switch (kind) {
    case 'on a day':
      return from;
    case 'in a month':
      return from?.slice(0, 7);
    case 'about':
      return from === undefined ? undefined : `${isMonth(first) ? from.slice(0, 7) : from}~`;
    case 'early in a month':
      return within(from, ['01', '10']);
    case 'in the middle of a month':
      return within(from, ['11', '20']);
    case 'late in a month':
      return within(from, ['21', from === undefined ? '' : lastDayIn(from)]);
    case 'some day between':
      return from === undefined || to === undefined ? undefined : `[${from}..${to}]`;
    case 'at the latest by':
      return from === undefined ? undefined : `[..${from}]`;
    case 'lasting from … to':
      return from === undefined || to === undefined ? undefined : `${from}/${to}`;
  }
}

/** A third of a month: what a source means by it is no more certain than that. */
const within = (day: string | undefined, [first, last]: readonly [string, string]): string | undefined =>
  day === undefined ? undefined : `[${day.slice(0, 8)}${first}..${day.slice(0, 8)}${last}]`;

const lastDayIn = (day: string): string =>
  String(new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).getUTCDate());

const SPOKEN: readonly (readonly [RegExp, DateKind])[] = [
  [/^(?:in )?early (?:in )?(\D+ \d{4}|\d{4}-\d\d)$/i, 'early in a month'],
  [/^(?:in )?(?:mid|the middle of)[- ](\D+ \d{4}|\d{4}-\d\d)$/i, 'in the middle of a month'],
  [/^(?:in )?late (?:in )?(\D+ \d{4}|\d{4}-\d\d)$/i, 'late in a month'],
  [/^(?:about|around|circa|approximately) (.+)$/i, 'about'],
  [/^(?:by|at the latest by|on or before|not after) (.+)$/i, 'at the latest by'],
  [/^(?:some (?:day|time) )?between (.+) and (.+)$/i, 'some day between'],
  [/^(?:some (?:day|time) )from (.+) to (.+)$/i, 'some day between'],
  [/^from (.+) to (.+)$/i, 'lasting from … to'],
];

/** Reads a date as sources say it: "early July 2025", "about May 2024", "between 1 and 8 July 2025". */
export function readSpokenDate(text: string, today: string): string | undefined {
  const spoken = text.trim().replaceAll(/\s+/g, ' ');
  for (const [pattern, kind] of SPOKEN) {
    const [whole, first = '', second = ''] = pattern.exec(spoken) ?? [];
    if (whole !== undefined) return writeEdtf({ kind, first: fillIn(first, second), second }, today);
  }
  return undefined;
}

/** Gives the first of two dates the month and the year that only the second names: "1" before "8 July 2025". */
function fillIn(first: string, second: string): string {
  if (/^\d{1,2}$/.test(first)) return second.replace(/^\d{1,2}/, first);
  return /^\d{1,2} [a-z]+$/i.test(first) ? `${first} ${/\d{4}$/.exec(second)?.[0] ?? ''}` : first;
}

function dayOf(text: string, today: string): string | undefined {
  const point = readPoint(text, today);
  return point.kind === 'read' && /^\d{4}-\d\d-\d\d$/.test(point.value) ? point.value : undefined;
}

const isMonth = (text: string): boolean => /^(?:[A-Za-z]+ \d{4}|\d{4}-\d\d)$/.test(text.trim());
