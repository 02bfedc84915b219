import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashAnswer } from './answer-hash.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the hash of an answer', () => {
  const answer = {
    policy: 'harbour-toll',
    title: 'Harbour toll',
    state: { terms: { price: { value: 9, unit: 'GBP' } }, status: 'in-operation' },
  };

  it('is that of its canonical form', () => {
    expect(hashAnswer(answer)).toBe(
      sha256(
        '{"policy":"harbour-toll","state":{"status":"in-operation","terms":{"price":{"unit":"GBP","value":9}}},"title":"Harbour toll"}',
      ),
    );
  });

  it('leaves out how and where it was answered, and nothing else', () => {
    const framed = { ...answer, meta: { fold: 2, lagMs: 3 }, permalink: '/v1/x', url: 'https://a.example/v1/x' };
    expect(hashAnswer(framed)).toBe(hashAnswer(answer));
    for (const name of Object.keys(answer)) expect(hashAnswer({ ...framed, [name]: 1 })).not.toBe(hashAnswer(answer));
    expect(hashAnswer({ ...answer, state: { ...answer.state, meta: {} } })).not.toBe(hashAnswer(answer));
  });

  it('treats the answers in a list like answers, and the addresses of sources as what they say', () => {
    const list = { items: [answer], next: null };
    expect(hashAnswer({ ...list, items: [{ ...answer, permalink: '/v1/x', meta: { lagMs: 1 } }] })).toBe(
      hashAnswer(list),
    );
    expect(hashAnswer([{ ...answer, permalink: '/v1/x', meta: {} }])).toBe(hashAnswer([answer]));
    const source = { publisher: 'River Post', url: 'https://river.example/1' };
    expect(hashAnswer({ items: [source] })).not.toBe(hashAnswer({ items: [{ publisher: 'River Post' }] }));
  });

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.integer()), (members) => {
        const reversed = Object.fromEntries(Object.entries(members).reverse());
        expect(hashAnswer(reversed)).toBe(hashAnswer(members));
      }),
    );
  });
});
