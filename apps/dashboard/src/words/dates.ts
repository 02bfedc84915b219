import { MONTHS } from './months.js';

/** Writes instants as days and times of one time zone, whatever the zone of the reader or of the server. */
export interface DateWords {
  readonly zone: string;
  /** A day: "8 July 2025". */
  day(at: string): string;
  /** A day, with the time unless the instant is the first or the last of its day. */
  moment(at: string): string;
  /** A time of day: "12:04". */
  time(at: string): string;
  /** The day as an ISO date: "2025-07-08". */
  isoDay(at: string): string;
}

/** The words for dates in a zone of the IANA database. */
export function dateWords(zone: string): DateWords {
  const days = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'long', year: 'numeric' });
  const times = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const isoDays = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const day = (at: string): string => days.format(new Date(at));
  const isDayEnd = (at: string): boolean => {
    const instant = Date.parse(at);
    const next = new Date(instant + 1).toISOString();
    return day(next) !== day(at) || day(new Date(instant - 1).toISOString()) !== day(at);
  };
  const time = (at: string): string => times.format(new Date(at));
  return {
    zone,
    day,
    moment: (at) => (isDayEnd(at) ? day(at) : `${day(at)}, ${time(at)}`),
    time,
    isoDay: (at) => isoDays.format(new Date(at)),
  };
}

/** Writes a date of the form EDTF in words: "July 2024, approximately", "some time from 16 April to 6 July 2025". */
export function edtfInWords(edtf: string): string {
  const within = /^\[(.*)\.\.(.*)\]$/.exec(edtf);
  if (within) return withinInWords(within[1] ?? '', within[2] ?? '');
  const [from = '', to] = edtf.split('/');
  if (to === undefined) return dateInWords(from);
  if (from === '..') return `until ${dateInWords(to)}`;
  if (to === '..') return `from ${dateInWords(from)} on`;
  return `from ${dateInWords(from)} to ${dateInWords(to)}`;
}

function withinInWords(from: string, to: string): string {
  if (from === '') return `on or before ${dateInWords(to)}`;
  if (to === '') return `on or after ${dateInWords(from)}`;
  return `some time from ${dateInWords(from)} to ${dateInWords(to)}`;
}

function dateInWords(text: string): string {
  const [, year = '', month, day, doubt = ''] = /^(\d+)(?:-(\d\d))?(?:-(\d\d))?([~?%]?)$/.exec(text) ?? [];
  if (year === '') return text;
  const monthName = month === undefined ? undefined : MONTHS[Number(month) - 1];
  const date = [day === undefined ? undefined : String(Number(day)), monthName, year]
    .filter((part) => part !== undefined)
    .join(' ');
  return doubt === '' ? date : `${doubt === '?' ? 'perhaps' : 'about'} ${date}`;
}
