import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Interrupted, Turns } from './turns.js';

describe('the turns of long works', () => {
  it('are one in each round of the event loop, in the order in which they were asked for', async () => {
    const given: string[] = [];
    const take = async (work: string): Promise<void> => {
      await new Turns().next();
      given.push(work);
    };
    const works = ['import', 'fold', 'signer'].map(take);
    const inEachRound: number[] = [];
    for (let round = 0, before = 0; round < 5; round += 1, before = given.length) {
      await setImmediate();
      inEachRound.push(given.length - before);
    }
    await Promise.all(works);
    expect(given).toEqual(['import', 'fold', 'signer']);
    expect(Math.max(...inEachRound)).toBe(1);
  });

  it('are taken between the steps of work that pauses at each, whose result is answered', async () => {
    function* steps(): Generator<undefined, string, undefined> {
      for (let step = 0; step < 3; step += 1) {
        for (const begun = performance.now(); performance.now() < begun + 11;);
        yield;
      }
      return 'the result';
    }
    let [rounds, isDone] = [0, false];
    const others = (async () => {
      for (; !isDone; rounds += 1) await setImmediate();
    })();
    expect(await new Turns().run(steps())).toBe('the result');
    isDone = true;
    await others;
    expect(rounds).toBeGreaterThanOrEqual(3);
  });

  it('are taken between items that are worked on one by one', async () => {
    const done: string[] = [];
    const working = new Turns().forEach(['a', 'b', 'c'], (item) => {
      for (const begun = performance.now(); performance.now() < begun + 11;);
      done.push(item);
    });
    expect(done).toEqual(['a']);
    await working;
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('end with the work that is no longer wanted, and go on for the others', async () => {
    const stopping = new AbortController();
    const stopped = new Turns(stopping.signal).next();
    const wanted = new Turns().next();
    stopping.abort();
    await expect(stopped).rejects.toThrow(Interrupted);
    await wanted;
  });
});
