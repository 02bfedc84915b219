import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FOREVER, type Instant, instant } from '#domain';
import { CellIndex } from './cell-index.js';
import type { WeightedArea } from './cell-list.js';
import { meets } from '../time/rectangle.js';

const PATCHES = 200;
const MOST_GROWTH = 1.2;

const interval = fc
  .tuple(fc.nat(40), fc.integer({ min: 1, max: 20 }), fc.boolean())
  .map(([from, length, lasts]) => ({ from: instant(from), to: lasts ? FOREVER : instant(from + length) }));
const cell: fc.Arbitrary<WeightedArea> = fc.record({
  known: interval,
  valid: interval,
  weight: fc.constantFrom('', 'a', 'b', 'c'),
});

/** Side by side in valid time, as they lie in the index. */
const apart = (one: WeightedArea, index: number): WeightedArea => ({
  ...one,
  valid: { from: instant(index), to: instant(index + 1) },
});

describe('an index of cells', () => {
  it('finds exactly those that meet an area and weigh at most as much, also after some went', () => {
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: PATCHES, maxLength: PATCHES }),
        fc.integer({ min: 1, max: 5 }),
        cell,
        (found, nth, area) => {
          const cells = found.map(apart);
          const index = new CellIndex<WeightedArea>(({ weight }) => weight);
          for (const one of cells) index.add(one);
          const gone = cells.filter((_, place) => place % nth === 0);
          for (const one of gone) index.delete(one);
          const left = cells.filter((one) => !gone.includes(one));
          expect(new Set(index)).toEqual(new Set(left));
          expect(new Set(index.findMeeting(area))).toEqual(
            new Set(left.filter((one) => one.weight <= area.weight && meets(one, area))),
          );
        },
      ),
    );
  });

  it.each(['known', 'valid'] as const)(
    'weighs no more cells for each of twice as many, the last in %s first',
    (last) => {
      expect(weighedFor(4 * PATCHES, last) / weighedFor(2 * PATCHES, last) / 2).toBeLessThan(MOST_GROWTH);
    },
  );
});

/** What is told late lies before all that is there, meets it all and is weaker. */
function weighedFor(count: number, last: 'known' | 'valid'): number {
  let weighed = 0;
  const index = new CellIndex<WeightedArea>(({ weight }) => {
    weighed += 1;
    return weight;
  });
  for (let day = count; day > 0; day -= 1) {
    const weight = String(day).padStart(5, '0');
    index.findMeeting({ known: from(day), valid: from(day), weight });
    const next = { from: instant(day), to: instant(day + 1) };
    index.add({ known: from(day), valid: from(day), [last]: next, weight });
  }
  return weighed;
}

const from = (day: number): { readonly from: Instant; readonly to: Instant } => ({ from: instant(day), to: FOREVER });
