import { type Instant, formatInstant } from '#domain';
import type { SettledPromise } from './promise-states.js';

/** How a calendar writes what depends on the service that offers it. */
export interface CalendarStyle {
  /** The day on which an instant lies, `YYYY-MM-DD`, in the zone of the service. */
  readonly dayOf: (at: Instant) => string;
  /** The absolute address of an event. */
  readonly addressOf: (event: string) => string;
}

/**
 * The days by which promises are due, as a calendar: one all-day entry a promise, on the last day that its date leaves.
 *
 * Promises without a last day have none. Source: RFC 5545; lines end with CRLF and have at most 75 bytes.
 */
export const promiseCalendar = (promises: readonly SettledPromise[], style: CalendarStyle): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Policy Timeline//Promises//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...promises.flatMap((promise) => entryOf(promise, style)),
    'END:VCALENDAR',
    '',
  ]
    .map(foldLine)
    .join('\r\n');

function entryOf(settled: SettledPromise, { dayOf, addressOf }: CalendarStyle): readonly string[] {
  const { promise, policy, due, kind, state, by, summary, knownFrom } = settled;
  if (!due || !Number.isFinite(due.latest)) return [];
  const owners = by.length === 0 ? '' : `${by.join(', ')}: `;
  return [
    'BEGIN:VEVENT',
    `UID:${promise}@policy-timeline`,
    `DTSTAMP:${stampOf(knownFrom)}`,
    `DTSTART;VALUE=DATE:${dayOf(due.latest).replaceAll('-', '')}`,
    `SUMMARY:${escapeText(`${owners}${summary}`)}`,
    `DESCRIPTION:${escapeText(`${policy}, due ${due.edtf}: ${state}`)}`,
    `CATEGORIES:${kind}`,
    `URL:${addressOf(promise)}`,
    `STATUS:${state === 'dropped' || state === 'replaced' ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** `20250708T120000Z`. */
const stampOf = (at: Instant): string => formatInstant(at).replaceAll(/[-:]|\.\d+/g, '');

const escapeText = (text: string): string =>
  text.replaceAll(/[\\;,]/g, (character) => `\\${character}`).replaceAll('\n', '\\n');

const LONGEST_LINE = 75;

/** Breaks a line between characters; the rest begins with a space, which counts. */
function foldLine(line: string): string {
  const parts: string[] = [];
  let [part, bytes] = ['', 0];
  for (const character of line) {
    const length = utf8Length(character);
    if (bytes + length > LONGEST_LINE) {
      parts.push(part);
      [part, bytes] = [' ', 1];
    }
    part += character;
    bytes += length;
  }
  return [...parts, part].join('\r\n');
}

const encoder = new TextEncoder();

const utf8Length = (text: string): number => encoder.encode(text).length;
