import { describe, expect, it } from '@jest/globals';
import { isApproximate, precisionOf } from './precision.js';
import { EDTF_FORMS, parseWorldDate } from './world-date.js';

describe('the precision of a date', () => {
  it.each([
    ['2025-07-10', 'day', false],
    ['2025-07-10~', 'day', true],
    ['2025-07', 'month', false],
    ['2024-07~', 'month', true],
    ['2025', 'year', false],
    ['2025?', 'year', true],
    ['2025-01/2025-06', 'interval', false],
    ['2025-01~/..', 'interval', true],
    ['../2024', 'interval', false],
    ['[2025-04-16..2025-07-06]', 'interval', false],
    ['[..2023-08]', 'unknown', false],
    ['[2023-08..]', 'unknown', false],
  ])('of %s is %s', (edtf, precision, approximate) => {
    expect(parseWorldDate(edtf, 'UTC')).toBeDefined();
    expect([precisionOf(edtf), isApproximate(edtf)]).toEqual([precision, approximate]);
  });

  it('is known of every accepted form', () => {
    for (const form of EDTF_FORMS.split(/, | or /))
      expect(precisionOf(form)).toMatch(/^(?:day|month|year|interval|unknown)$/);
  });
});
