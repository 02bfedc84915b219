import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeOf, wallAt } from './scale.js';
import { ticksIn } from './ticks.js';
import { nameDay, nameStretch } from './wall-words.js';

const at = (text: string): number => Date.parse(text);
const labelsIn = (from: string, to: string, width = 1000): readonly string[] =>
  ticksIn({ from: at(from), to: at(to), width }).map(({ label }) => label);

describe('ticks', () => {
  it('are years where years are narrow', () => {
    expect(labelsIn('2020-06-01', '2026-06-01')).toEqual(['2021', '2022', '2023', '2024', '2025', '2026']);
  });

  it('are months, with the year where it begins', () => {
    expect(labelsIn('2024-10-15', '2025-05-15')).toEqual([
      'November 2024',
      'December',
      'January 2025',
      'February',
      'March',
      'April',
      'May',
    ]);
  });

  it('are days, written out where the year begins', () => {
    expect(labelsIn('2024-12-30', '2025-01-02T12:00Z', 500)).toEqual([
      '30 December 2024',
      '31 December',
      '1 January 2025',
      '2 January',
    ]);
  });

  it('are hours, with the day at midnight', () => {
    expect(labelsIn('2025-07-08T12:00Z', '2025-07-09T06:00Z', 600)).toEqual([
      '8 July 2025, 12:00',
      '18:00',
      '9 July 2025',
      '06:00',
    ]);
  });

  it('leave room for their labels, in order, each told apart by its name', () => {
    const windows = fc.record({
      from: fc.integer({ min: at('1950-01-01'), max: at('2050-01-01') }),
      span: fc.integer({ min: 3_600_000, max: 40 * 365 * 86_400_000 }),
      width: fc.integer({ min: 1, max: 3000 }),
    });
    fc.assert(
      fc.property(windows, ({ from, span, width }) => {
        const ticks = ticksIn({ from, to: from + span, width });
        const gaps = ticks.slice(1).map(({ place }, index) => place - (ticks[index]?.place ?? 0));
        expect(gaps.every((gap) => gap > 50)).toBe(true);
        expect(ticks.every(({ place }) => place >= 0 && place <= width)).toBe(true);
        expect(new Set(ticks.map(({ name }) => name)).size).toBe(ticks.length);
      }),
    );
  });
});

it('finds the wall time of a place, and its place again', () => {
  const window = { from: at('2024-01-01'), to: at('2026-01-01'), width: 731 };
  expect(placeOf(window, at('2024-01-02'))).toBe(1);
  expect(wallAt(window, 366)).toBe(at('2025-01-01'));
});

describe('words', () => {
  const stretch = (from: string, to: string): string => nameStretch({ from: at(from), to: at(to) - 1 });

  it('write days out', () => {
    expect(nameDay(at('2025-07-08T23:59:59.999Z'))).toBe('8 July 2025');
  });

  it('name a day, a month and a year by itself', () => {
    expect(stretch('2025-07-08', '2025-07-09')).toBe('8 July 2025');
    expect(stretch('2025-07-01', '2025-08-01')).toBe('July 2025');
    expect(stretch('2025-01-01', '2026-01-01')).toBe('2025');
  });

  it('name both ends of any other stretch', () => {
    expect(stretch('2025-04-16', '2025-07-07')).toBe('between 16 April and 6 July 2025');
    expect(stretch('2024-12-16', '2025-07-07')).toBe('between 16 December 2024 and 6 July 2025');
    expect(stretch('2025-01-01', '2025-03-01')).toBe('between 1 January and 28 February 2025');
    expect(stretch('2024-07-01', '2025-07-01')).toBe('between 1 July 2024 and 30 June 2025');
  });

  it('say which end is open', () => {
    expect(nameStretch({ from: -Infinity, to: at('2023-08-31') })).toBe('by 31 August 2023');
    expect(nameStretch({ from: at('2023-08-31'), to: Infinity })).toBe('from 31 August 2023 on');
    expect(nameStretch({ from: -Infinity, to: Infinity })).toBe('at an unknown time');
  });
});
