import { describe, expect, it } from '@jest/globals';
import { spanInWords, countInWords, slipInWords } from './slip.js';

describe('days of slip', () => {
  it.each([
    [0, 0, 'on the day'],
    [508, 508, '508 days later'],
    [-1, -1, '1 day earlier'],
    [3, 40, 'from 3 to 40 days later'],
    [-40, -3, 'from 3 to 40 days earlier'],
    [-147, 29, 'from 147 days earlier to 29 days later'],
    [0, 5, 'up to 5 days later'],
    [-5, 0, 'up to 5 days earlier'],
    [5, null, 'at least 5 days later'],
    [0, null, 'on the day or later'],
    [-5, null, 'at most 5 days earlier'],
    [null, 5, 'at most 5 days later'],
    [null, 0, 'on the day or earlier'],
    [null, -5, 'at least 5 days earlier'],
    [null, null, 'by how much is not known'],
  ])('from %p to %p read: %s', (min, max, words) => {
    expect(slipInWords({ min, max })).toBe(words);
  });

  it('stand beside a count only where the state leaves something to tell', () => {
    expect(countInWords({ state: 'overdue', count: 2, slip: { min: 3, max: 40 } })).toBe(
      '2 overdue, from 3 to 40 days later',
    );
    expect(countInWords({ state: 'met', count: 1, slip: { min: -3, max: 0 } })).toBe('1 met');
  });
});

it.each([
  [814, 814, '814 days'],
  [173, 174, '173 to 174 days'],
  [1, null, 'at least 1 day'],
  [null, 9, 'at most 9 days'],
  [null, null, 'not known'],
])('days between two events, from %p to %p, read: %s', (min, max, words) => {
  expect(spanInWords({ min, max })).toBe(words);
});
