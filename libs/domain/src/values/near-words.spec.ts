import { describe, expect, it } from '@jest/globals';
import { didYouMean, nearestWord } from './near-words.js';

const TYPES = ['policy.announced', 'policy.ended', 'court.ruled', 'figure.reported'];

describe('the word that was probably meant', () => {
  it.each([
    ['policy.anounced', 'policy.announced'],
    ['Policy.Announced', 'policy.announced'],
    ['ruled', 'court.ruled'],
    ['poilcy.ended', 'policy.ended'],
    ['figure-reported', 'figure.reported'],
  ])('of %s is %s', (text, word) => expect(nearestWord(text, TYPES)).toBe(word));

  it.each(['', 'x', 'something.else', 'a'.repeat(1_000)])('of "%s" is none', (text) => {
    expect(nearestWord(text, TYPES)).toBeUndefined();
    expect(didYouMean(text, TYPES)).toBe('');
  });
});
