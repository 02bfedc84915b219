import { expect, it } from '@jest/globals';
import type { FigureRow } from '../../http/model-answers.js';
import { openWallClock } from '../time/wall-time.js';
import { claimsOfRows } from './claims-of-rows.js';

const row: FigureRow = {
  policy: 'asylum',
  event: 'claims-2024',
  knownFrom: '2025-02-27T00:00:00.000Z',
  position: 7,
  measure: 'asylum-claims',
  value: 108_138,
  comparator: 'exact',
  unit: 'people',
  period: '2024',
  comparedTo: null,
  purpose: null,
  claimedBy: ['Home Office'],
  epistemic: 'confirmed',
  conflicts: { count: 0, events: [] },
  supersededBy: null,
};

const claimOf = (more: Partial<FigureRow>) => claimsOfRows([{ ...row, ...more }], openWallClock('Europe/London'))[0];

it('places a period between its first and its last millisecond in the zone of the log', () => {
  const placed = (period: string) => {
    const found = claimOf({ period })?.period;
    return found && [found.from, found.to].map((at) => new Date(at).toISOString());
  };
  expect(placed('2024')).toEqual(['2024-01-01T00:00:00.000Z', '2024-12-31T23:59:59.999Z']);
  expect(placed('2024-07/2025-06')).toEqual(['2024-06-30T23:00:00.000Z', '2025-06-30T22:59:59.999Z']);
  expect(placed('2022-12-01/2023-09-14~')).toEqual(['2022-12-01T00:00:00.000Z', '2023-09-14T22:59:59.999Z']);
  expect(placed('[2024-12..2025-01]')).toEqual(['2024-12-01T00:00:00.000Z', '2025-01-31T23:59:59.999Z']);
});

it('gives no place to a length of time, an open end, or nothing', () => {
  expect(['P1Y', '../2024', '2024/..', null].map((period) => claimOf({ period })?.period)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

it('leaves that bound open which a claim leaves open', () => {
  expect(claimOf({ comparator: 'at-least' })).toMatchObject({
    low: 108_138,
    high: null,
    words: 'at least 108\u202f138 people',
  });
  expect(claimOf({ comparator: 'at-most' })).toMatchObject({ low: null, high: 108_138 });
  expect(claimOf({ value: null, comparator: 'vague' })).toMatchObject({ low: null, high: null, periodWords: '2024' });
});
