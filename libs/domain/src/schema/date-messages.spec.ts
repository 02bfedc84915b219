import { describe, expect, it } from '@jest/globals';
import { explainUnsupportedDate, explainUnsupportedPublication } from './date-messages.js';
import { EDTF_FORMS, readWorldDate } from '../values/world-date.js';

describe('a date that is not supported', () => {
  it.each([
    ['10/07/2025', 'Write the year first, then month and day: 2025-07-10.'],
    ['10.7.2025', 'Write the year first, then month and day: 2025-07-10.'],
    ['2025/07/10', 'Join year, month and day by hyphens: 2025-07-10.'],
    ['2025.7', 'Join year, month and day by hyphens: 2025-07-10.'],
    ['2025-7-1', 'Write month and day with two digits: 2025-07-01.'],
    ['2025-7', 'Write month and day with two digits: 2025-07-01.'],
    ['2025-07-10T09:00Z', 'It has no time of day: write the day alone, such as 2025-07-10.'],
    ['20XX', 'Digits cannot be left open: write a set, such as [2020..2029].'],
    ['2024-uu', 'Digits cannot be left open: write a set, such as [2020..2029].'],
    ['2020s', 'Write a decade as a set, such as [2020..2029].'],
    ['2024/', 'Write .. for an open end: ../2024 or 2024/..'],
    ['/2024', 'Write .. for an open end: ../2024 or 2024/..'],
    ['2025-21', 'Seasons and quarters are not supported: write the months, such as 2025-03/2025-05.'],
    ['2025-33', 'Seasons and quarters are not supported: write the months, such as 2025-03/2025-05.'],
    ['2025-13', 'There is no month 13: months go from 01 to 12.'],
    ['2025-00', 'There is no month 00: months go from 01 to 12.'],
    ['2025-02-30', 'February 2025 has 28 days.'],
    ['2024-02-30', 'February 2024 has 29 days.'],
    ['2025-04-31', 'April 2025 has 30 days.'],
    ['2025-01/2025-02-29', 'February 2025 has 28 days.'],
    ['0000', 'Years go from 0001 to 9999.'],
    ['[2024-01~..2024-06]', 'The ends of a set cannot be approximate: remove ~ and ?.'],
    ['[2024..2024-06]', 'Both ends of a set need the same precision: two days, two months or two years.'],
  ])('%s: says what to write instead', (text, advice) => {
    expect(typeof readWorldDate(text, 'UTC')).toBe('string');
    expect(explainUnsupportedDate(text)).toBe(`"${text}" is not a supported date. ${advice}`);
  });

  it.each(['yesterday', '10 July 2025', '[..]', ''])('%j: lists the forms that are', (text) =>
    expect(explainUnsupportedDate(text)).toBe(
      `"${text}" is not a supported date. Use one of these forms: ${EDTF_FORMS}.`,
    ),
  );

  it('is shown in part where it is long', () =>
    expect(explainUnsupportedDate('x'.repeat(1000))).toMatch(/^"x{40}" is not a supported date\./));
});

describe('a publication that is not supported', () => {
  const advice = 'Write a full day (2025-07-10) or an instant with its offset (2025-07-10T09:30:00Z).';

  it.each([
    ['2025-07-10T09:30:00', 'Its offset from UTC is missing, such as Z or +01:00. '],
    ['2025-07-10T09:30', 'Its offset from UTC is missing, such as Z or +01:00. '],
    ['2025-02-30', 'February 2025 has 28 days. '],
    ['2025-13-01', 'There is no month 13: months go from 01 to 12. '],
    ['2025-07', ''],
    ['yesterday', ''],
  ])('%s: says what to write instead', (text, reason) =>
    expect(explainUnsupportedPublication(text)).toBe(
      `"${text}" is not a supported time of publication. ${reason}${advice}`,
    ),
  );
});
