import { expect, it } from '@jest/globals';
import { dateWords } from '../../words/dates.js';
import { lossInWords, nameFew, newsInWords, otherAccountInWords } from './live-words.js';

it("tells since when a page is not live by the clock of the log's zone", () => {
  const since = '2026-07-22T11:04:30.000Z';
  expect(lossInWords(since, dateWords('Europe/London'))).toBe('Not live since 12:04, trying.');
  expect(lossInWords(since, dateWords('Asia/Tokyo'))).toBe('Not live since 20:04, trying.');
});

it('counts what is new', () => {
  expect(newsInWords(3)).toBe('3 new');
});

it('names three policies at most', () => {
  expect(nameFew(['a', 'b', 'c'])).toEqual({ named: ['a', 'b', 'c'], rest: '' });
  expect(nameFew(['a', 'b', 'c', 'd', 'e'])).toEqual({ named: ['a', 'b', 'c'], rest: ' and 2 more' });
});

it('says that an account of a day is another now', () => {
  expect(otherAccountInWords('8 July 2025', ['toll'], ['toll-corrected'])).toBe(
    'Our account of 8 July 2025 has changed: toll, because of toll-corrected.',
  );
  expect(otherAccountInWords('8 July 2025', ['a', 'b', 'c', 'd'], [])).toBe(
    'Our account of 8 July 2025 has changed: a, b, c and 1 more.',
  );
});
