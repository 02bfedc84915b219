import { describe, expect, it } from '@jest/globals';
import { openWallClock } from '../time/wall-time.js';
import type { LaneEvent, LaneSegment } from './lane-input.js';
import { layOutLanes } from './lay-out-lanes.js';
import { eventsOfMark, nameBar, nameMark } from './name-marks.js';
import { prepareLanes } from './prepare-lanes.js';

const DAY_MS = 86_400_000;
const at = (text: string): number => Date.parse(text);

const reported: LaneEvent = {
  key: 'returns-deal',
  name: 'Britain and France agreed on returns',
  earliest: at('2025-04-16'),
  latest: at('2025-04-17') - 1,
  settled: at('2025-04-16'),
  modality: 'actual',
  epistemic: 'reported',
};

const laidOut = (events: readonly LaneEvent[], segments: readonly LaneSegment[] = []) => {
  const prepared = prepareLanes([{ id: 'a', label: 'A', events, segments }], openWallClock('UTC'));
  const [lane] = layOutLanes(prepared, { from: at('2025-01-01'), to: at('2025-12-31'), width: 100 }).lanes;
  if (!lane) throw new Error('no lane');
  return lane;
};

const namesOf = (...events: LaneEvent[]): readonly string[] => {
  const lane = laidOut(events);
  return lane.marks.map((mark) => nameMark(lane, mark));
};

describe('the name of a mark', () => {
  it('says what happened, when, and how sure it is', () => {
    expect(namesOf(reported)).toEqual(['Britain and France agreed on returns, 16 April 2025, reported']);
    expect(namesOf({ ...reported, epistemic: 'confirmed' })).toEqual([
      'Britain and France agreed on returns, 16 April 2025',
    ]);
  });

  it('says what its sign says', () => {
    expect(
      namesOf({ ...reported, isReversal: true, isConflicting: true, isCorrected: true, isAnomalous: true }),
    ).toEqual([
      'Britain and France agreed on returns, 16 April 2025, reported, reversal, in conflict, corrected since, anomaly',
    ]);
    expect(namesOf({ ...reported, epistemic: 'denied', modality: 'conditional', isRetracted: true })).toEqual([
      'Britain and France agreed on returns, 16 April 2025, conditional, denied, retracted',
    ]);
  });

  it('says between when it happened, and when the date is approximate', () => {
    expect(namesOf({ ...reported, latest: at('2025-07-07') - 1 })).toEqual([
      'Britain and France agreed on returns, between 16 April and 6 July 2025, reported',
    ]);
    expect(namesOf({ ...reported, isApproximate: true })).toEqual([
      'Britain and France agreed on returns, about 16 April 2025, reported',
    ]);
  });

  it('counts what it stands for', () => {
    const next = { ...reported, key: 'b', earliest: at('2025-04-17'), latest: at('2025-04-18') - 1, isAnomalous: true };
    expect(namesOf(reported, next)).toEqual(['2 events, between 16 April and 17 April 2025, 1 anomaly']);
    const lane = laidOut([next, reported]);
    expect(lane.marks.map((mark) => eventsOfMark(lane, mark).map(({ key }) => key))).toEqual([['b', 'returns-deal']]);
  });
});

describe('the name of a bar', () => {
  const paused: LaneSegment = {
    words: 'paused',
    look: { tone: 'trouble', pattern: 'diagonal', letter: 'X' },
    event: 'a',
    from: at('2025-07-01'),
    settled: at('2025-08-01'),
    to: at('2025-10-01'),
    modality: 'actual',
  };
  const barsOf = (...segments: LaneSegment[]) => laidOut([], segments).bars.map(nameBar);

  it('says from when to when it holds, and when perhaps', () => {
    expect(barsOf(paused)).toEqual([
      'paused from 1 August 2025 to 30 September 2025',
      'perhaps paused from 1 July 2025 to 31 July 2025',
    ]);
  });

  it('says which end is open, and what is planned', () => {
    expect(barsOf({ ...paused, to: Infinity, modality: 'planned' })).toEqual([
      'planned: paused from 1 July 2025, no end known',
    ]);
    expect(barsOf({ ...paused, from: -Infinity, settled: -Infinity })).toEqual(['paused until 30 September 2025']);
  });

  it('counts what is too short to be drawn', () => {
    const short = { ...paused, from: at('2025-07-01'), settled: at('2025-07-01'), to: at('2025-07-02') };
    const next = { ...short, words: 'blocked', from: short.to, settled: short.to, to: short.to + DAY_MS };
    expect(barsOf(short, next)).toEqual(['blocked on 2 July 2025, and 1 shorter']);
  });
});
