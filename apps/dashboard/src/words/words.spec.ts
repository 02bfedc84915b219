import { describe, expect, it } from '@jest/globals';
import { dateWords } from './dates.js';
import { valueInWords } from './words.js';

describe('the words for a value', () => {
  it.each([
    ['2025-07-10', '10 July 2025'],
    ['2024-07~', 'about July 2024'],
    ['[2025-07-08..2025-12-31]', 'some time from 8 July 2025 to 31 December 2025'],
    ['2024-01-01/2024-03-31', 'from 1 January 2024 to 31 March 2024'],
    ['2025', '2025'],
    ['under-negotiation', 'under negotiation'],
  ])('are, for %s: %s', (value, words) => {
    expect(valueInWords(value)).toBe(words);
  });
});

describe('instants around the changes of the clocks', () => {
  const dates = dateWords('Europe/London');

  it.each([
    ['2025-03-29T23:59:59.999Z', '29 March 2025', '2025-03-29'],
    ['2025-03-30T00:59:59.000Z', '30 March 2025, 00:59', '2025-03-30'],
    ['2025-03-30T01:00:00.000Z', '30 March 2025, 02:00', '2025-03-30'],
    ['2025-03-30T22:59:59.999Z', '30 March 2025', '2025-03-30'],
    ['2025-03-30T23:00:00.000Z', '31 March 2025', '2025-03-31'],
    ['2024-10-26T23:00:00.000Z', '27 October 2024', '2024-10-27'],
    ['2024-10-27T00:30:00.000Z', '27 October 2024, 01:30', '2024-10-27'],
    ['2024-10-27T01:30:00.000Z', '27 October 2024, 01:30', '2024-10-27'],
    ['2024-10-27T23:59:59.999Z', '27 October 2024', '2024-10-27'],
  ])('are told in the zone of the log: %s', (instant, words, day) => {
    expect([dates.moment(instant), dates.isoDay(instant)]).toEqual([words, day]);
  });
});
