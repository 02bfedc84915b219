import { expect, it } from '@jest/globals';
import { beliefsAbout } from './beliefs.js';

const box = (
  value: string,
  known: readonly [string, string | null],
  valid: readonly [string | null, string | null],
  to: number | null = null,
) => ({
  field: 'status',
  value,
  event: `${value}-event`,
  recorded: { from: 1, to },
  known: { from: known[0], to: known[1] },
  valid: { from: valid[0], to: valid[1] },
});

const boxes = [
  box('scrapped', ['2025-07-07', null], ['2024-12-01', null]),
  box('blocked', ['2025-04-16', '2025-05-01'], ['2024-01-01', null]),
  box('blocked', ['2025-05-01', '2025-07-07'], ['2024-01-01', '2025-01-01']),
  box('blocked', ['2025-07-07', null], ['2024-01-01', '2024-12-01']),
  box('agreed', ['2025-04-16', null], ['2024-01-01', null], 9),
];

it('lists what was successively known about a day, without what the record no longer says', () => {
  expect(beliefsAbout('2024-12-15', boxes)).toEqual([
    { field: 'status', value: 'blocked', event: 'blocked-event', known: { from: '2025-04-16', to: '2025-07-07' } },
    { field: 'status', value: 'scrapped', event: 'scrapped-event', known: { from: '2025-07-07', to: null } },
  ]);
});

it('lets a value hold from its first instant on, and not at its end', () => {
  expect(beliefsAbout('2024-12-01', boxes).map(({ value }) => value)).toEqual(['blocked', 'scrapped']);
  expect(beliefsAbout('2023-12-31', boxes)).toEqual([]);
});
