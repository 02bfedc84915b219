import { expect, it } from '@jest/globals';
import { ageInWords } from './ages.js';

it.each([
  ['2026-11-30T11:59:30.000Z', 'just now'],
  ['2026-11-30T11:59:00.000Z', '1 minute ago'],
  ['2026-11-30T09:30:00.000Z', '2 hours ago'],
  ['2026-11-20T12:00:00.000Z', '10 days ago'],
  ['2026-11-30T12:00:01.000Z', 'just now'],
])('%s is %s at noon of 30 November', (at, words) => expect(ageInWords(at, '2026-11-30T12:00:00.000Z')).toBe(words));
