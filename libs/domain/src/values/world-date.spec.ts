import { describe, expect, it } from '@jest/globals';
import { daysInMonth, formatInstant, instant, isCalendarDay, parseDay, parseFormattedInstant } from './time.js';
import {
  parsePublication,
  readWorldDate,
  endOfDay,
  parseInstant,
  startOfDay,
  isApproximate,
  precisionOf,
  EDTF_FORMS,
  parseWorldDate,
} from './world-date.js';

const shown = (at: number): string => (Number.isFinite(at) ? new Date(at).toISOString() : String(at));

const bounds = (edtf: string, zone = 'Europe/London'): string => {
  const read = readWorldDate(edtf, zone);
  return typeof read === 'string' ? read : `${shown(read.earliest)} ${shown(read.latest)}`;
};

describe('a date of the world', () => {
  it.each([
    ['2025-07-10', '2025-07-09T23:00:00.000Z 2025-07-10T22:59:59.999Z'],
    ['2025-01', '2025-01-01T00:00:00.000Z 2025-01-31T23:59:59.999Z'],
    ['2024-02', '2024-02-01T00:00:00.000Z 2024-02-29T23:59:59.999Z'],
    ['2024', '2024-01-01T00:00:00.000Z 2024-12-31T23:59:59.999Z'],
    ['2024-07~', '2024-06-30T23:00:00.000Z 2024-07-31T22:59:59.999Z'],
    ['2024-07?', '2024-06-30T23:00:00.000Z 2024-07-31T22:59:59.999Z'],
    ['2025-01/2025-06', '2025-01-01T00:00:00.000Z 2025-06-30T22:59:59.999Z'],
    ['../2024', '-Infinity 2024-12-31T23:59:59.999Z'],
    ['2024/..', '2024-01-01T00:00:00.000Z Infinity'],
    ['[2025-04-16..2025-07-06]', '2025-04-15T23:00:00.000Z 2025-07-06T22:59:59.999Z'],
    ['[..2023-08]', '-Infinity 2023-08-31T22:59:59.999Z'],
    // The days on which clocks change are shorter and longer than others.
    ['2025-03-30', '2025-03-30T00:00:00.000Z 2025-03-30T22:59:59.999Z'],
    ['2025-10-26', '2025-10-25T23:00:00.000Z 2025-10-26T23:59:59.999Z'],
    ['0001-01-01', '0001-01-01T00:01:15.000Z 0001-01-02T00:01:14.999Z'],
    ['9999-12-31', '9999-12-31T00:00:00.000Z 9999-12-31T23:59:59.999Z'],
  ])('%s lasts from its first to its last millisecond', (edtf, expected) => {
    expect(bounds(edtf)).toBe(expected);
  });

  it.each([
    '2025-02-30',
    '2025-13',
    '2025-00',
    '20XX',
    '2025-21',
    '2025-7-1',
    '2025/',
    '/2025',
    '../../..',
    '[..]',
    '[2025]',
    '10 July 2025',
    '',
    '2025-07-10T10:00Z',
    '0000',
    '2025-07%',
    `[${'.'.repeat(50)}]`,
  ])('%j is none', (edtf) => {
    expect(bounds(edtf)).toBe('outside-profile');
  });

  it.each(['2025-06/2025-01', '[2025-07-06..2025-07-05]'])('%s ends before it begins', (edtf) => {
    expect(bounds(edtf)).toBe('inverted');
  });
});

describe('a publication', () => {
  it.each([
    ['2025-07-10', '2025-07-09T23:00:00.000Z'],
    ['2025-07-10T09:30:00Z', '2025-07-10T09:30:00.000Z'],
    ['2025-07-10T09:30:00.123456+01:00', '2025-07-10T08:30:00.123Z'],
  ])('%s is known from its first millisecond on', (text, from) => {
    expect(formatInstant(parsePublication(text, 'Europe/London')?.from ?? (0 as never))).toBe(from);
  });

  it.each(['2025-07', '2025', '2025-07-10T09:30:00', '2025-02-30', '2025-07-10T25:00:00Z', 'yesterday'])(
    '%s is none',
    (text) => {
      expect(parsePublication(text, 'Europe/London')).toBeUndefined();
    },
  );
});

describe('an instant', () => {
  it.each([
    ['2025-07-10T09:30:00Z', '2025-07-10T09:30:00.000Z'],
    ['2025-07-10T09:30Z', '2025-07-10T09:30:00.000Z'],
    ['2025-07-10T09:30:00+01:00', '2025-07-10T08:30:00.000Z'],
    ['2025-07-10T00:30:00+05:30', '2025-07-09T19:00:00.000Z'],
    ['2025-07-10T09:30:00.5Z', '2025-07-10T09:30:00.500Z'],
    ['2025-07-10T09:30:00.123999999Z', '2025-07-10T09:30:00.123Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('is read from %s, to the millisecond', (text, expected) => {
    const read = parseInstant(text);
    expect(read === undefined ? undefined : formatInstant(read)).toBe(expected);
  });

  it.each([
    '2025-07-10',
    '2025-07-10T09:30:00',
    '2025-07-10 09:30:00Z',
    '2025-02-30T09:30:00Z',
    '2025-13-01T09:30:00Z',
    '2025-07-10T24:00:00Z',
    '2025-07-10T09:60:00Z',
    '2025-07-10T09:30:00.1234567890Z',
    '2025-07-10T09:30:00+1:00',
    '0000-01-01T00:00:00Z',
    ' 2025-07-10T09:30:00Z',
    '',
  ])('is not read from %j', (text) => expect(parseInstant(text)).toBeUndefined());

  it('is read back from the text that it was written as, and from no other', () => {
    const at = instant(Date.UTC(2025, 6, 10, 9, 30));
    expect(parseFormattedInstant(formatInstant(at))).toBe(at);
    expect(parseFormattedInstant('2025-07-10T09:30:00Z')).toBeUndefined();
    expect(parseFormattedInstant('2025-07-10T10:30:00.000+01:00')).toBeUndefined();
    expect(parseFormattedInstant('2025-19-10T09:30:00.000Z')).toBeUndefined();
  });
});

describe('a day of the calendar', () => {
  it.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2000-02-29', true],
    ['1900-02-29', false],
    ['2024-04-31', false],
    ['2024-12-31', true],
    ['2024-00-01', false],
    ['2024-01-00', false],
    ['0000-01-01', false],
    ['9999-12-31', true],
  ])('%s is one: %j', (text, isOne) => expect(parseDay(text) !== undefined).toBe(isOne));

  it.each(['2024-1-1', '2024', '24-01-01', '2024-01-01T00:00Z', '2024-01-01 '])('is not read from %j', (text) =>
    expect(parseDay(text)).toBeUndefined(),
  );

  it('is told by its numbers alone', () =>
    expect([
      isCalendarDay({ year: 2024, month: 2, day: 29 }),
      isCalendarDay({ year: 2024, month: 2, day: 30 }),
    ]).toEqual([true, false]));

  it('is one of as many as its month has', () =>
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((month) => daysInMonth(2023, month))).toEqual([
      31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
    ]));
});

describe('a day in a zone', () => {
  it.each([
    ['2025-01-15', 'Europe/London', '2025-01-15T00:00:00.000Z', '2025-01-15T23:59:59.999Z'],
    ['2025-07-15', 'Europe/London', '2025-07-14T23:00:00.000Z', '2025-07-15T22:59:59.999Z'],
    ['2025-07-15', 'UTC', '2025-07-15T00:00:00.000Z', '2025-07-15T23:59:59.999Z'],
    ['2025-07-15', 'Asia/Kolkata', '2025-07-14T18:30:00.000Z', '2025-07-15T18:29:59.999Z'],
    // The clock is put forward by one hour at 01:00, back by one at 02:00.
    ['2025-03-30', 'Europe/London', '2025-03-30T00:00:00.000Z', '2025-03-30T22:59:59.999Z'],
    ['2025-10-26', 'Europe/London', '2025-10-25T23:00:00.000Z', '2025-10-26T23:59:59.999Z'],
    // Midnight itself is left out there on that day.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-05T01:59:59.999Z'],
  ])('%s in %s lasts from %s to %s', (day, zone, first, last) => {
    expect(formatInstant(startOfDay(day, zone))).toBe(first);
    expect(formatInstant(endOfDay(day, zone))).toBe(last);
  });

  it('begins where the day before has ended', () =>
    expect(startOfDay('2025-03-31', 'Europe/London') - endOfDay('2025-03-30', 'Europe/London')).toBe(1));

  it('is asked for by a full day alone', () => {
    expect(() => startOfDay('2025-02-30', 'UTC')).toThrow('"2025-02-30" is not a day of the calendar.');
    expect(() => endOfDay('2025-02', 'UTC')).toThrow('"2025-02" is not a day of the calendar.');
  });
});

describe('the precision of a date', () => {
  it.each([
    ['2025-07-10', 'day', false],
    ['2025-07-10~', 'day', true],
    ['2025-07', 'month', false],
    ['2024-07~', 'month', true],
    ['2025', 'year', false],
    ['2025?', 'year', true],
    ['2025-01/2025-06', 'interval', false],
    ['2025-01~/..', 'interval', true],
    ['../2024', 'interval', false],
    ['[2025-04-16..2025-07-06]', 'interval', false],
    ['[..2023-08]', 'unknown', false],
    ['[2023-08..]', 'unknown', false],
  ])('of %s is %s', (edtf, precision, approximate) => {
    expect(parseWorldDate(edtf, 'UTC')).toBeDefined();
    expect([precisionOf(edtf), isApproximate(edtf)]).toEqual([precision, approximate]);
  });

  it('is known of every accepted form', () => {
    for (const form of EDTF_FORMS.split(/, | or /))
      expect(precisionOf(form)).toMatch(/^(?:day|month|year|interval|unknown)$/);
  });
});
