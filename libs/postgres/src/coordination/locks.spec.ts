import { expect, it } from '@jest/globals';
import { ADVISORY_LOCKS } from './locks.js';

it('gives no number to two locks, and changes none', () => {
  const numbers = Object.values(ADVISORY_LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
  // Processes of another version meet under these numbers.
  expect(numbers).toEqual([7302, 7303, 7304, 7305, 7306, 7307, 7308, 7309, 7310, 7311, 7312, 7_317_046_112]);
});
