import { describe, expect, it } from '@jest/globals';
import { dateWords } from '../../words/dates.js';
import { columnsOf, dayAsked, publicationDays, stepAt, stepSides } from './publications.js';

const dates = dateWords('Europe/London');
const published = ['2025-03-29T00:00Z', '2025-03-30T23:30Z', '2025-03-29T12:00Z', '2025-07-01T00:00Z'];
const days = publicationDays({ columns: { publishedAt: published.map((each) => Date.parse(each)) } }, dates);

describe('the steps of the time bar', () => {
  it('are the days of publication in the zone of the log, with how much was known by then', () => {
    expect(days).toEqual([
      { day: '2025-03-29', events: 2, known: 2 },
      { day: '2025-03-31', events: 1, known: 3 },
      { day: '2025-07-01', events: 1, known: 4 },
    ]);
  });

  it('have a column each, or share those there are room for, each as high as its fullest day', () => {
    expect(columnsOf(days, 300)).toEqual([2, 1, 1]);
    expect(columnsOf(days, 2)).toEqual([2, 1]);
    expect(columnsOf([], 2)).toEqual([]);
  });

  it.each([
    ['2025-03-28', -1],
    ['2025-03-30', 0],
    ['2026-01-01', 2],
  ])('on %s the last publication is step %i', (day, step) => {
    expect(stepAt(days, day)).toBe(step);
  });

  it.each([
    ['2025-03-30', '2025-03-30'],
    ['2025-03-30T23:30:00.000Z', '2025-03-31'],
    ['1743377400000', '2025-03-31'],
    [undefined, undefined],
    ['soon', undefined],
  ])('count from the day that is asked for: %s', (time, day) => {
    expect(dayAsked(time, dates)).toBe(day);
  });

  it.each([
    ['2025-03-29', '2025-03-31', 1, '2025-03-31', '2025-07-01'],
    ['2025-03-31', '2025-07-01', -1, '2025-03-29', '2025-03-31'],
    ['2025-03-30', '2025-04-05', -1, '2025-03-29', '2025-03-31'],
    ['2025-03-30', '2025-04-05', 1, '2025-03-31', '2025-07-01'],
  ])('move both sides of a comparison: %s to %s by %i', (from, to, steps, newFrom, newTo) => {
    expect(stepSides({ from, to }, days, steps)).toMatchObject({ from: newFrom, to: newTo });
  });

  it('stop where one of the two sides would leave them', () => {
    expect(stepSides({ from: '2025-03-29', to: '2025-07-01' }, days, -1)).toBeUndefined();
    expect(stepSides({ from: '2025-03-29', to: '2025-07-01' }, days, 1)).toBeUndefined();
  });
});
