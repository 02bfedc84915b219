import { describe, expect, it } from '@jest/globals';
import { DigestSet } from './digest-set.js';

describe('the set of digests', () => {
  it('knows what it was given, and nothing else', () => {
    const set = new DigestSet();
    const texts = Array.from({ length: 20_000 }, (_, index) => `key-${index}`);
    expect(new Set(texts.map((text) => set.add(text)))).toEqual(new Set(['new']));
    expect(new Set(texts.map((text) => set.add(text)))).toEqual(new Set(['known']));
  });

  it('says when it has no more room', () => {
    const set = new DigestSet(2);
    expect(['a', 'b', 'c', 'a'].map((text) => set.add(text))).toEqual(['new', 'new', 'full', 'full']);
  });
});
