import { readPoint } from '../words/points.js';

/** How precisely somebody knows when something happened. */
export const DATE_KINDS = [
  'on a day',
  'in a month',
  'about',
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
    case 'some day between':
      return from === undefined || to === undefined ? undefined : `[${from}..${to}]`;
    case 'at the latest by':
      return from === undefined ? undefined : `[..${from}]`;
    case 'lasting from … to':
      return from === undefined || to === undefined ? undefined : `${from}/${to}`;
  }
}

function dayOf(text: string, today: string): string | undefined {
  const point = readPoint(text, today);
  return point.kind === 'read' && /^\d{4}-\d\d-\d\d$/.test(point.value) ? point.value : undefined;
}

const isMonth = (text: string): boolean => /^(?:[A-Za-z]+ \d{4}|\d{4}-\d\d)$/.test(text.trim());
