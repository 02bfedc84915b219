import { expect, it } from '@jest/globals';
import { readPoint } from './points.js';

it.each([
  ['8 July 2025', '2025-07-08'],
  ['July 8, 2025', '2025-07-08'],
  ['8th Jul 2025', '2025-07-08'],
  ['2025-07-08', '2025-07-08'],
  ['July 2025', '2025-07-31'],
  ['2025-02', '2025-02-28'],
  ['2024', '2024-12-31'],
  ['@157', '@157'],
  ['yesterday', '2026-02-28'],
  ['today', '2026-03-01'],
  ['13/8/2025', '2025-08-13'],
  ['8/8/2025', '2025-08-08'],
])('reads %s', (text, value) => {
  expect(readPoint(text, '2026-03-01')).toEqual({ kind: 'read', value });
});

it('asks which of two days is meant', () => {
  expect(readPoint('7/8/2025', '2026-03-01')).toEqual({
    kind: 'ambiguous',
    readings: [
      { value: '2025-08-07', words: '7 August 2025' },
      { value: '2025-07-08', words: '8 July 2025' },
    ],
  });
});

it.each(['31 June 2025', '2025-02-30', 'soon', '99/99/2025', '8 Juli 20'])('does not guess at %s', (text) => {
  expect(readPoint(text, '2026-03-01').kind).toBe('unknown');
});
