import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scaleValues } from './value-scale.js';

const EXTENT = { top: 20, bottom: 120 };

it('has round ticks from zero, unless all values are far from it', () => {
  expect(scaleValues([0.3, 0.9], EXTENT).ticks).toEqual([0, 0.5, 1]);
  expect(scaleValues([97_091, 110_051], EXTENT).ticks).toEqual([95_000, 100_000, 105_000, 110_000, 115_000]);
  expect(scaleValues([-3, 4], EXTENT).ticks).toEqual([-4, -2, 0, 2, 4]);
  expect(scaleValues([], EXTENT).ticks).toContain(1);
});

it('holds every value, the greater the higher', () => {
  const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(values, (given) => {
      const { ticks, placeOf } = scaleValues(given, EXTENT);
      const places = [...given].sort((one, other) => one - other).map(placeOf);
      expect(places.every((place) => place >= EXTENT.top && place <= EXTENT.bottom)).toBe(true);
      expect(places).toEqual([...places].sort((one, other) => other - one));
      expect(ticks.length).toBeLessThan(12);
      expect(Math.min(...given)).toBeGreaterThanOrEqual((ticks[0] ?? 0) - 1e-3);
      expect(Math.max(...given)).toBeLessThanOrEqual((ticks.at(-1) ?? 0) + 1e-3);
    }),
  );
  expect(scaleValues([1, 2], EXTENT).placeOf(Infinity)).toBe(EXTENT.top);
});
