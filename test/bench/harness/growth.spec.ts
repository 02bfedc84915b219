import { describe, expect, it } from '@jest/globals';
import { type Cost, growthOf, verdictOf } from './growth.js';

const LIMITS = new Set(['too-many']);

const cost = (size: number, given: Partial<Cost> = {}): Cost => ({
  size,
  sent: size,
  accepted: size,
  refused: {},
  cpuSeconds: size,
  rows: 10 * size,
  ...given,
});

describe('the growth of a cost', () => {
  it('is 1 where it doubles with the input', () => {
    expect(growthOf(cost(100), cost(200))).toEqual({ cpu: 1, rows: 1 });
  });

  it('is 2 where it is the square of the input', () => {
    expect(growthOf(cost(100), cost(200, { cpuSeconds: 400, rows: 4000 }))).toEqual({ cpu: 2, rows: 2 });
  });

  it('measures time by what was sent, and rows by what was accepted', () => {
    const cut = cost(400, { accepted: 200, refused: { 'too-many': 200 }, cpuSeconds: 400, rows: 2000 });
    expect(growthOf(cost(200), cut)).toEqual({ cpu: 1, rows: 1 });
  });

  it('does not tell too little to be measured from nothing', () => {
    const [little, more] = [cost(100, { cpuSeconds: 0.01, rows: 1 }), cost(200, { cpuSeconds: 0.4, rows: 90 })];
    expect(growthOf(little, more)).toEqual({ cpu: 0.5, rows: 0.5 });
  });
});

describe('the verdict on a shape', () => {
  const steep = { cpuSeconds: 400, rows: 2000 };
  const refused = { refused: { 'too-many': 200, 'target-rejected': 5 }, accepted: 200 };

  it.each<[string, string, readonly Cost[]]>([
    ['linear', 'costs that double with the input', [cost(100), cost(200), cost(400)]],
    ['fails', 'time that grows with the square', [cost(100), cost(200, { cpuSeconds: 400 })]],
    ['fails', 'rows that grow with the square', [cost(100), cost(200, { rows: 4000 })]],
    ['limited', 'costs that a limit holds', [cost(100), cost(200), cost(400, { ...refused, rows: 2000 })]],
    ['limited', 'steep growth that a limit ends', [cost(100), cost(200, steep), cost(400, { ...refused, ...steep })]],
    ['fails', 'steep growth beyond a limit', [cost(200), cost(400, { ...refused, cpuSeconds: 800 })]],
    ['fails', 'a refusal that is no limit', [cost(100), cost(200, { refused: { 'invalid-value': 1 } })]],
    ['fails', 'work that never ended', [cost(100), cost(200, { fault: 'after 60 s still behind' })]],
  ])('is "%s" for %s', (verdict, _, costs) => {
    expect(verdictOf(costs, LIMITS).verdict).toBe(verdict);
  });

  it('says where it fails', () => {
    expect(verdictOf([cost(100), cost(200, { cpuSeconds: 400 })], LIMITS).because).toBe(
      'at 200 CPU grows 2.00 of linear',
    );
  });
});
