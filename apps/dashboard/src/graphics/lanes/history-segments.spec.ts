import { describe, expect, it } from '@jest/globals';
import { type HistoryRow, segmentsAt, segmentsInDoubt } from './history-segments.js';
import { lookOfStatus } from './status-looks.js';

const row = (value: string | null, more: Partial<HistoryRow> = {}): HistoryRow => ({
  field: 'status',
  value,
  event: `toll-${value ?? 'gone'}`,
  recorded: { from: 3, to: null },
  known: { from: '2024-04-01T23:00:00.000Z', to: null },
  valid: { from: '2024-04-01T23:00:00.000Z', to: null },
  ...more,
});

describe('segments of a history', () => {
  const words = (...rows: HistoryRow[]) => segmentsAt(rows, '2024-07-15T22:59:59.999Z').map((segment) => segment.words);

  it('are what was known at an instant, by the newest account', () => {
    expect(words(row('in-operation'))).toEqual(['in operation']);
    expect(words(row('paused', { known: { from: '2024-08-01T00:00:00.000Z', to: null } }))).toEqual([]);
    expect(words(row('paused', { known: { from: null, to: '2024-07-15T22:59:59.999Z' } }))).toEqual([]);
    expect(words(row('paused', { recorded: { from: 3, to: 9 } }))).toEqual([]);
    expect(words(row(null))).toEqual([]);
  });

  it('hold from their start, or only may where the history says so', () => {
    const valid = { from: '2024-07-01T00:00:00.000Z', to: '2024-08-01T00:00:00.000Z' };
    const [from, to] = [Date.parse(valid.from), Date.parse(valid.to)];
    const certainties = [row('paused', { valid }), row('paused', { valid, certainty: 'uncertain' })];
    expect(segmentsAt(certainties, '2024-07-15T22:59:59.999Z')).toMatchObject([
      { from, settled: from, to },
      { from, settled: to, to },
    ]);
    expect(
      segmentsInDoubt([{ field: 'status', value: 'paused', event: 'a', from: null, settled: valid.to }]),
    ).toMatchObject([{ from: -Infinity, settled: to, to }]);
  });

  it('are drawn by the family of their status, other values alike', () => {
    expect([lookOfStatus('stalled'), lookOfStatus('agreed')]).toMatchObject([
      { tone: 'bargaining', pattern: 'stripes' },
      { tone: 'bargaining', pattern: 'lines' },
    ]);
    const [price] = segmentsAt(
      [{ ...row(null), field: 'terms.price', value: { value: 9, unit: 'GBP' } }],
      '2024-07-15T22:59:59.999Z',
    );
    expect(price).toMatchObject({ words: '9 GBP', look: { tone: 'neutral' } });
  });
});

it('draws each family with a pattern and a letter of its own', () => {
  const looks = ['proposed', 'agreed', 'enacted', 'in-operation', 'paused', 'ended'].map(lookOfStatus);
  expect(new Set(looks.map(({ pattern }) => pattern)).size).toBe(6);
  expect(new Set(looks.map(({ letter }) => letter)).size).toBe(6);
  expect(new Set(looks.map(({ tone }) => tone)).size).toBe(6);
});
