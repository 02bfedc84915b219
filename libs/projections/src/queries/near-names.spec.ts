import { describe, expect, it } from '@jest/globals';
import { nearNames } from './near-names.js';

const NAMES = [
  'Emmanuel Macron',
  'France',
  'Home Office',
  'Türkiye',
  'UK Government',
  'small-boat-arrivals',
  'Vásquez',
];

describe('the names that are near another', () => {
  it.each([
    ['Vasquez', ['Vásquez']],
    ['turkiye', ['Türkiye']],
    ['home office', ['Home Office']],
    ['Macron', ['Emmanuel Macron']],
    ['The UK Government', ['UK Government']],
    ['Fance', ['France']],
    ['small-boats-arrivals', ['small-boat-arrivals']],
    ['boat', ['small-boat-arrivals']],
    ['Canada', []],
    ['–', []],
    ['x'.repeat(500), []],
  ])('%s: %j', (given, near) => {
    expect(nearNames(given, NAMES)).toEqual(near);
  });

  it('are five at most, the likeliest first', () => {
    const names = ['abcde', 'Abcdef', 'abcdeg', 'abcdeh', 'abcdei', 'abcdef office', 'abcxyz'];
    expect(nearNames('abcdef', names)).toEqual(['Abcdef', 'abcdef office', 'abcde', 'abcdeg', 'abcdeh']);
  });
});
