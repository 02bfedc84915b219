import { expect, it } from '@jest/globals';
import type { HistoryRow } from '../../graphics/lanes/history-segments.js';
import { beliefsWithDoubts } from './doubts.js';

const row = (value: string, known: readonly [string, string | null], certainty: string): HistoryRow => ({
  field: 'status',
  value,
  event: `${value}-event`,
  recorded: { from: 1, to: null },
  known: { from: `${known[0]}T00:00:00.000Z`, to: known[1] === null ? null : `${known[1]}T00:00:00.000Z` },
  valid: { from: '2024-01-01T00:00:00.000Z', to: null },
  certainty,
});

it('lists what was thought possible among what was thought, and why one gave way to the next', () => {
  const rows = [
    row('scrapped', ['2025-07-07', null], 'settled'),
    row('blocked', ['2025-04-16', '2025-07-07'], 'settled'),
    row('scrapped', ['2025-05-01', '2025-07-07'], 'uncertain'),
  ];
  const lines = beliefsWithDoubts('2024-12-15T00:00:00.000Z', rows);
  expect(lines.map(({ value, isDoubt, because }) => [value, isDoubt, because])).toEqual([
    ['blocked', false, undefined],
    ['scrapped', true, undefined],
    ['scrapped', false, 'redated'],
  ]);
  expect(beliefsWithDoubts('2023-12-15T00:00:00.000Z', rows)).toEqual([]);
});
