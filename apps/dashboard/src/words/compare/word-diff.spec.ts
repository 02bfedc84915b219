import { expect, it } from '@jest/globals';
import { diffWords } from './word-diff.js';

it('tells words that went, came and stayed', () => {
  expect(diffWords('up to 50 people a week', 'up to 60 people a month')).toEqual([
    { kind: 'both', text: 'up to ' },
    { kind: 'before', text: '50 ' },
    { kind: 'after', text: '60 ' },
    { kind: 'both', text: 'people a ' },
    { kind: 'before', text: 'week' },
    { kind: 'after', text: 'month' },
  ]);
});

it.each([
  ['', 'all new'],
  ['all gone', ''],
  ['the same', 'the same'],
  ['one two three four', 'four three two one'],
])('keeps both texts: %p, %p', (before, after) => {
  const runs = diffWords(before, after);
  const textOf = (side: 'before' | 'after'): string =>
    runs
      .filter(({ kind }) => kind === 'both' || kind === side)
      .map(({ text }) => text)
      .join('');
  expect([textOf('before').trim(), textOf('after').trim()]).toEqual([before, after]);
});

it('does not compare long texts word by word', () => {
  const long = 'word '.repeat(400);
  expect(diffWords(long, 'short').map(({ kind }) => kind)).toEqual(['before', 'after']);
});
