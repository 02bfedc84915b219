import { describe, expect, it } from '@jest/globals';
import { periodDays, periodKey } from './period.js';

const key = (text: string | null | undefined): string => periodKey(text, 'Europe/London');

describe('two periods are one', () => {
  it.each([
    ['2024', '2024-01/2024-12'],
    ['2024', '2024-01-01/2024-12-31'],
    ['2024', '2024~'],
    ['2024-01/2024-03', '[2024-01-01..2024-03-31]'],
    ['../2024', '[..2024-12]'],
    ['P1Y', 'P12M'],
    ['P1Y6M', 'P18M'],
    ['P1W', 'P7D'],
    ['P1D', 'PT24H'],
    ['PT90M', 'PT1H30M'],
    ['preceding P1Y', 'preceding P12M'],
    [null, undefined],
  ])('%s and %s', (one, other) => {
    expect(key(one)).toBe(key(other));
  });
});

describe('two periods are different', () => {
  it.each([
    ['2024', '2023'],
    ['2024', '2024/..'],
    ['2024', 'P1Y'],
    ['P1M', 'P30D'],
    ['P1M', 'PT1M'],
    ['P1Y', 'P52W'],
    ['P1Y', 'preceding P1Y'],
    ['P1Y', null],
    ['P0D', null],
    ['something', 'something else'],
  ])('%s and %s', (one, other) => {
    expect(key(one)).not.toBe(key(other));
  });
});

describe('the days of a period', () => {
  it.each([
    ['2024', '2024-01-01', '2024-12-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2025-07-10', '2025-07-10', '2025-07-10'],
    ['2024-01/2024-03', '2024-01-01', '2024-03-31'],
    ['../2024', null, '2024-12-31'],
    ['2024/..', '2024-01-01', null],
    ['P1Y', null, null],
    [null, null, null],
  ])('%s are %s to %s', (text, first, last) => {
    expect(periodDays(text)).toEqual({ first, last });
  });
});
