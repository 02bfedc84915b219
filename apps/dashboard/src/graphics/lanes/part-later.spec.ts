import { expect, it } from '@jest/globals';
import { openWallClock } from '../time/wall-time.js';
import { hitAt } from '../view/hit-marks.js';
import type { LaneEvent } from './lane-input.js';
import { layOutLanes } from './lay-out-lanes.js';
import { nameMark } from './name-marks.js';
import { partLater } from './part-later.js';
import { prepareLanes } from './prepare-lanes.js';

const at = (day: string): number => Date.parse(day);

const event = (key: string, knownFrom: string, more: Partial<LaneEvent> = {}): LaneEvent => ({
  key,
  name: key,
  earliest: at('2025-03-01'),
  latest: at('2025-03-01'),
  settled: at('2025-03-01'),
  modality: 'actual',
  epistemic: 'confirmed',
  knownFrom: at(knownFrom),
  ...more,
});

const lanes = prepareLanes(
  [
    {
      id: 'x',
      label: 'X',
      segments: [],
      events: [
        event('early', '2025-03-02'),
        event('late', '2025-05-02'),
        event('turn', '2025-05-02', { isReversal: true }),
      ],
    },
  ],
  openWallClock('UTC'),
);

const marksAt = (knownAt: string) => {
  const window = { from: at('2025-01-01'), to: at('2025-06-01'), width: 151 };
  const [layout] = layOutLanes(partLater(lanes, at(knownAt)), window).lanes;
  return { layout, marks: layout?.marks ?? [] };
};

it('never merges what was published later with what was known, nor a later reversal with other events', () => {
  const { layout, marks } = marksAt('2025-04-01');
  expect(marks.map((mark) => [mark.plane, layout && nameMark(layout, mark)])).toEqual([
    ['event', 'early, 1 March 2025'],
    ['later event', 'late, 1 March 2025, published later'],
    ['later reversal', 'turn, 1 March 2025, reversal, published later'],
  ]);
});

it('leaves lanes as they are where all is known, and has nothing but later planes before the first publication', () => {
  expect(marksAt('2025-05-02').marks.map(({ plane }) => plane)).toEqual(['event', 'reversal']);
  expect(marksAt('2025-01-01').marks.map(({ plane }) => plane)).toEqual(['later event', 'later reversal']);
});

it('is hit where a pointer is near enough', () => {
  const { layout } = marksAt('2025-05-02');
  if (!layout) throw new Error('There is no lane.');
  expect(hitAt(layout, 59 + 9)?.key).toBe('early');
  expect(hitAt(layout, 59 + 10)).toBeUndefined();
});
