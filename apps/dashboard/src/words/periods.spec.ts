import { describe, expect, it } from '@jest/globals';
import { dateWords } from './dates.js';
import { comparisonInWords, daysBetween, periodInWords } from './periods.js';

describe('the days between two instants', () => {
  const london = dateWords('Europe/London');

  it('are counted by the midnights of the zone, over a change of the clocks too', () => {
    expect(daysBetween(london, '2024-03-29T23:30:00.000Z', '2024-04-01T22:30:00.000Z')).toBe(3);
    expect(daysBetween(london, '2024-07-15T22:59:59.000Z', '2024-07-15T23:00:00.000Z')).toBe(1);
    expect(daysBetween(london, '2024-07-15T10:00:00.000Z', '2024-07-15T20:00:00.000Z')).toBe(0);
  });
});

describe('a period', () => {
  it.each([
    ['P3Y', '3 years'],
    ['P1Y6M', '1 year and 6 months'],
    ['P1W', '1 week'],
    ['2022', '2022'],
    ['2022-04/2024-07', 'from April 2022 to July 2024'],
    ['P', 'P'],
  ])('%s reads "%s"', (period, words) => expect(periodInWords(period)).toBe(words));

  it.each([
    ['2023', '2023'],
    ['preceding P1Y', 'the 1 year before'],
    ['preceding', 'the time before'],
  ])('compared with %s reads "%s"', (period, words) => expect(comparisonInWords(period)).toBe(words));
});
