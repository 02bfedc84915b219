import { describe, expect, it } from '@jest/globals';
import { type Told, given } from '../../../../test/support/events/given.js';
import { FOREVER, type Instant, endOfDay, formatInstant, position } from '#domain';
import { stateAt } from '#temporal';
import { promiseCalendar } from './promise-calendar.js';
import { promiseRecordOf } from './promise-record.js';
import { settlePromises } from './promise-states.js';

const style = {
  dayOf: (at: Instant) => formatInstant(at).slice(0, 10),
  addressOf: (event: string) => `https://policies.example/v1/events/${event}`,
};

function calendarOf(...told: readonly Told[]): string {
  const { events } = given(...told);
  const validAt = endOfDay('2024-05-01', 'Europe/London');
  const { versions, facts } = stateAt(events, { recorded: position(events.length), knownAt: FOREVER, validAt });
  const record = promiseRecordOf({ slug: 'harbour-toll', versions, status: facts.get('status') });
  return promiseCalendar(settlePromises(record, validAt), style);
}

const promised = (rest: Partial<Told> = {}): Told => ({
  key: 'bridge',
  type: 'policy.announced',
  occurred: '2024-01-10',
  publishedAt: '2024-01-10',
  plannedFor: '2024-03',
  actors: [{ name: 'Port Board', kind: 'organisation' }],
  summary: 'The bridge opens; tolls, they said, end.',
  ...rest,
});

describe('a calendar of promises', () => {
  it('has an entry on the last day that each date leaves', () => {
    expect(calendarOf(promised())).toBe(
      [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//Policy Timeline//Promises//EN',
        'CALSCALE:GREGORIAN',
        'METHOD:PUBLISH',
        'BEGIN:VEVENT',
        'UID:bridge@policy-timeline',
        'DTSTAMP:20240110T000000Z',
        'DTSTART;VALUE=DATE:20240331',
        String.raw`SUMMARY:Port Board: The bridge opens\; tolls\, they said\, end.`,
        String.raw`DESCRIPTION:harbour-toll\, due 2024-03: overdue`,
        'CATEGORIES:plan',
        'URL:https://policies.example/v1/events/bridge',
        'STATUS:CONFIRMED',
        'TRANSP:TRANSPARENT',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n'),
    );
  });

  it('breaks long lines between characters, and has no entry without a last day', () => {
    const calendar = calendarOf(
      promised({ summary: 'é€'.repeat(60) }),
      promised({ key: 'open', plannedFor: '2024-03/..' }),
    );
    const lines = calendar.split('\r\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(calendar.replaceAll('\r\n ', '')).toContain(`SUMMARY:Port Board: ${'é€'.repeat(60)}\r\n`);
    expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
  });
});
