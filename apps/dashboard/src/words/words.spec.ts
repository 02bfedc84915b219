import { describe, expect, it } from '@jest/globals';
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
