import { expect, it } from '@jest/globals';
import { findHits } from './hits.js';

const hitsIn = (text: string, search: string): readonly string[] =>
  findHits(text, search)
    .filter(({ isHit }) => isHit)
    .map((piece) => piece.text);

it.each([
  ['Boats were stopped; a boat sank.', 'boat', ['Boats', 'boat']],
  ['Negotiations began.', 'negotiate', ['Negotiations']],
  ['The Élysée agreed.', 'elysee', ['Élysée']],
  ['France said no.', 'france or spain', ['France']],
  ['France and Spain.', 'france -spain', ['France']],
  ['A returns deal.', '"returns deal"', ['returns', 'deal']],
  ['or so', 'or', []],
  ['<b>deal</b>', 'deal', ['deal']],
])('finds in %p by %p', (text, search, hits) => {
  expect(hitsIn(text, search)).toEqual(hits);
});

it('keeps every character of the text', () => {
  const text = ' “One in, one out”—a deal. ';
  expect(
    findHits(text, 'one deal')
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});
