import { describe, expect, it } from '@jest/globals';
import { shareADay } from './pace.js';

const AN_HOUR_MS = 3_600_000;

describe('the share of rows that is compared in a day', () => {
  it('is that of policies before a whole round has counted the rows, wherever in the log they were registered', () => {
    const round = { policies: 10, rows: 900, tookMs: AN_HOUR_MS };
    expect(shareADay(round, { policies: 1_000 })).toBeCloseTo(0.24);
  });

  it('is that of rows afterwards: policies have more or fewer', () => {
    const round = { policies: 10, rows: 900, tookMs: AN_HOUR_MS };
    expect(shareADay(round, { policies: 1_000, rows: 43_200 })).toBeCloseTo(0.5);
  });

  it('is all of them at most, also where there are more than were counted', () => {
    const round = { policies: 10, rows: 900, tookMs: AN_HOUR_MS };
    expect(shareADay(round, { policies: 10 })).toBe(1);
    expect(shareADay({ ...round, tookMs: 0 }, { policies: 9, rows: 800 })).toBe(1);
    expect(shareADay({ ...round, tookMs: 48 * AN_HOUR_MS }, { policies: 9, rows: 800 })).toBe(0.5);
  });
});
