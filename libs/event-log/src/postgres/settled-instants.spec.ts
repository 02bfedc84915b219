import { describe, expect, it } from '@jest/globals';
import { type SettledUntil, type LogLook, SettledInstants, learnFrom } from './settled-instants.js';

const NOTHING: SettledUntil = { until: Number.NEGATIVE_INFINITY };

const after = (...looks: readonly LogLook[]): number => looks.reduce(learnFrom, NOTHING).until;

describe('instants at which nothing can be recorded any more', () => {
  it.each<[name: string, looks: readonly LogLook[], until: number]>([
    ['end before the millisecond of the clock when nothing is under way', [{ clock: 50, head: 40, underWay: [] }], 49],
    ['end before the last entry while an append is under way', [{ clock: 50, head: 40, underWay: ['a'] }], 39],
    ['end before an entry from the future', [{ clock: 50, head: 90, underWay: [] }], 89],
    [
      'reach the clock of an earlier look once what was under way then has ended, whatever began since',
      [
        { clock: 50, head: 40, underWay: ['a', 'b'] },
        { clock: 60, head: 40, underWay: ['b', 'c'] },
        { clock: 70, head: 40, underWay: ['c'] },
      ],
      49,
    ],
    [
      'are not given back when the clock is',
      [
        { clock: 50, head: null, underWay: [] },
        { clock: 30, head: null, underWay: [] },
      ],
      49,
    ],
  ])('%s', (_name, looks, until) => {
    expect(after(...looks)).toBe(until);
  });

  it('are looked for once for all who wait', async () => {
    let looks = 0;
    const settled = new SettledInstants(async () => ({ clock: 100 * (looks += 1), head: null, underWay: [] }));
    expect(await Promise.all([settled.waitFor(150, 5_000), settled.waitFor(170, 5_000)])).toEqual([true, true]);
    expect(await settled.waitFor(199, 0)).toBe(true);
    expect(looks).toBe(2);
  });

  it('are given up on after a time', async () => {
    const settled = new SettledInstants(async () => ({ clock: 100, head: 0, underWay: ['a'] }));
    expect(await settled.waitFor(50, 5)).toBe(false);
  });
});
