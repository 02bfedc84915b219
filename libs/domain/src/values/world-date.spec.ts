import { describe, expect, it } from '@jest/globals';
import { formatInstant } from './time.js';
import { parsePublication, readWorldDate } from './world-date.js';

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
