import { describe, expect, it } from '@jest/globals';
import { compareAnswers, firstDifferentLine } from './answer-comparison.js';

describe('a saved answer and the one from an export', () => {
  const answer = { policy: 'harbour-toll', state: { status: 'paused', 'a/b': [1, 2] }, note: 'By a clerk.' };

  it('are equal without what they say of themselves, and without a proof', () => {
    const saved = { ...answer, meta: { lagMs: 3 }, permalink: '/v1/x', url: 'https://a.example/v1/x', proof: {} };
    expect(compareAnswers(saved, { ...answer, meta: { lagMs: 0 } })).toEqual({ differences: [], erasable: 0 });
  });

  it('differ at the places that are named, whichever side has more', () => {
    const other = { ...answer, state: { status: 'ended', 'a/b': [1], more: null } };
    expect(compareAnswers(answer, other).differences).toEqual([
      { pointer: '/state/status', saved: 'paused', made: 'ended' },
      { pointer: '/state/a~1b/1', saved: 2, made: undefined },
      { pointer: '/state/more', saved: undefined, made: null },
    ]);
    expect(compareAnswers([], {}).differences).toEqual([{ pointer: '', saved: [], made: {} }]);
  });

  it('are not compared where a text can be erased; anything else in its place differs', () => {
    const erased = { ...answer, note: { erased: true } };
    expect(compareAnswers(answer, erased)).toEqual({ differences: [], erasable: 1 });
    expect(compareAnswers(erased, answer).differences).toHaveLength(1);
    expect(compareAnswers({ ...answer, note: 7 }, erased).differences).toHaveLength(1);
  });

  it('are not compared by who recorded an event where that was not told', () => {
    const [untold, told] = [{ items: [{ key: 'one' }] }, { items: [{ key: 'one', recordedBy: 'key-1' }] }];
    expect(compareAnswers(untold, told).differences).toEqual([]);
    expect(compareAnswers(told, untold).differences).toHaveLength(1);
    const other = { items: [{ key: 'one', recordedBy: 'key-2' }] };
    expect(compareAnswers(told, other).differences).toHaveLength(1);
  });

  it('are not compared by the citations of a service, which no export has', () => {
    const cited = { ...answer, citations: [{ id: 'abc' }] };
    expect(compareAnswers(cited, answer).differences).toEqual([]);
    expect(compareAnswers(answer, cited).differences).toHaveLength(1);
    const within = (more: object) => ({ items: [{ ...answer, ...more }] });
    expect(compareAnswers(within({ citations: [] }), within({})).differences).toHaveLength(1);
  });

  it('are compared as lines where they are no JSON', () => {
    expect(firstDifferentLine('a\nb\n', 'a\nb\n')).toBeUndefined();
    expect(firstDifferentLine('a\nb\n', 'a\nc\n')).toEqual({ pointer: 'line 2', saved: 'b', made: 'c' });
    expect(firstDifferentLine('a', 'a\nc')).toEqual({ pointer: 'line 2', saved: undefined, made: 'c' });
  });
});
