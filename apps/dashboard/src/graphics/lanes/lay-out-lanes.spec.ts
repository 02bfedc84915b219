import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openWallClock } from '../time/wall-time.js';
import type { LaneEvent, LaneSegment } from './lane-input.js';
import { layOutLanes } from './lay-out-lanes.js';
import { prepareLanes } from './prepare-lanes.js';

const LONDON = openWallClock('Europe/London');
const DAY_MS = 86_400_000;
const at = (text: string): number => Date.parse(text);

const event = (key: string, day: string, more: Partial<LaneEvent> = {}): LaneEvent => ({
  key,
  name: key,
  earliest: at(day),
  latest: at(day) + DAY_MS - 1,
  settled: at(day),
  modality: 'actual',
  epistemic: 'confirmed',
  ...more,
});

const segment = (words: string, from: string, to: string | null, more: Partial<LaneSegment> = {}): LaneSegment => ({
  words,
  look: { tone: 'running', pattern: 'solid', letter: 'R' },
  event: words,
  from: at(from),
  settled: at(from),
  to: to === null ? Infinity : at(to),
  modality: 'actual',
  ...more,
});

interface Given {
  readonly events?: readonly LaneEvent[];
  readonly segments?: readonly LaneSegment[];
}

const layOut = ({ events = [], segments = [] }: Given, window: { from: string; to: string; width: number }) => {
  const prepared = prepareLanes([{ id: 'status', label: 'Status', events, segments }], LONDON);
  const { lanes } = layOutLanes(prepared, { ...window, from: at(window.from), to: at(window.to) });
  const [lane] = lanes;
  if (!lane) throw new Error('no lane');
  return lane;
};

// A pixel a day, away from the changes of the clock.
const WINTER = { from: '2024-11-01', to: '2024-11-11', width: 10 };

describe('events in lanes', () => {
  it('share a mark where they would cover each other', () => {
    const { marks } = layOut(
      { events: [event('a', '2024-11-03'), event('b', '2024-11-03'), event('c', '2024-11-08')] },
      WINTER,
    );
    expect(marks.map(({ place, first, end }) => [place, first, end])).toEqual([
      [2, 0, 2],
      [7, 2, 3],
    ]);
  });

  it('never share one with a correction, a conflict or a reversal', () => {
    const events = [
      event('plain', '2024-11-03'),
      event('retracted', '2024-11-03', { isRetracted: true }),
      event('corrected', '2024-11-03', { isCorrected: true }),
      event('conflicting', '2024-11-03', { isConflicting: true, isCorrected: true }),
      event('reversal', '2024-11-03', { isReversal: true, isConflicting: true }),
    ];
    const { marks } = layOut({ events }, WINTER);
    expect(marks.map(({ plane, first, end }) => [plane, end - first])).toEqual([
      ['event', 1],
      ['correction', 2],
      ['conflict', 1],
      ['reversal', 1],
    ]);
  });

  it('reach from the earliest to the latest time at which they may have happened', () => {
    const within = event('a', '2024-11-03', { latest: at('2024-11-09'), settled: at('2024-11-06') });
    expect(layOut({ events: [within] }, WINTER).marks).toMatchObject([{ place: 5, reach: { left: 2, right: 8 } }]);
  });

  it('reach into the window from outside, without a place in it', () => {
    const long = event('a', '2024-11-03', { earliest: -Infinity, settled: at('2024-12-24'), latest: at('2024-12-24') });
    expect(layOut({ events: [long] }, WINTER).marks).toMatchObject([{ place: 11, reach: { left: -1, right: 11 } }]);
    expect(layOut({ events: [event('b', '2024-12-24')] }, WINTER).marks).toEqual([]);
  });

  it('are drawn at a bound where it is open from when on they count', () => {
    const never = event('a', '2024-11-03', { settled: Infinity, latest: Infinity });
    expect(layOut({ events: [never] }, WINTER).marks).toMatchObject([{ place: 2, reach: { left: 2, right: 11 } }]);
  });
});

describe('bars in lanes', () => {
  const shown = (given: Given, window = WINTER) =>
    layOut(given, window).bars.map(({ wall, left, right, count }) => [
      wall.hold,
      wall.segment.words,
      left,
      right,
      count,
    ]);

  it('meet to the pixel, and end with the window', () => {
    const segments = [segment('paused', '2024-11-05', null), segment('running', '2020-01-01', '2024-11-05')];
    expect(shown({ segments })).toEqual([
      ['holds', 'running', 0, 4, 1],
      ['holds', 'paused', 4, 10, 1],
    ]);
    expect(layOut({ segments }, WINTER).bars.map(({ isCutLeft, isCutRight }) => [isCutLeft, isCutRight])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('begin where they are settled, and may hold before', () => {
    const paused = segment('paused', '2024-11-02', null, { settled: at('2024-11-06') });
    expect(shown({ segments: [segment('running', '2024-11-01', '2024-11-06'), paused] })).toEqual([
      ['holds', 'running', 0, 5, 1],
      ['holds', 'paused', 5, 10, 1],
      ['may-hold', 'paused', 1, 5, 1],
    ]);
  });

  it('only may hold what is never settled', () => {
    const never = segment('scrapped', '2024-11-02', null, { settled: Infinity });
    expect(shown({ segments: [never] })).toEqual([['may-hold', 'scrapped', 1, 10, 1]]);
  });

  it('are kept apart from plans and conditions', () => {
    const segments = [
      segment('running', '2024-11-01', '2024-11-04'),
      segment('resumed', '2024-11-03', null, { modality: 'planned' }),
      segment('agreed', '2024-11-02', '2024-11-09', { modality: 'conditional' }),
    ];
    expect(shown({ segments })).toEqual([
      ['holds', 'running', 0, 3, 1],
      ['planned', 'resumed', 2, 10, 1],
      ['conditional', 'agreed', 1, 8, 1],
    ]);
  });

  it('keep a pixel when they are short, and count what found it taken', () => {
    const segments = [
      segment('running', '2024-11-01', '2024-11-05T01:00Z'),
      segment('paused', '2024-11-05T01:00Z', '2024-11-05T02:00Z'),
      segment('blocked', '2024-11-05T02:00Z', '2024-11-05T03:00Z'),
      segment('resumed', '2024-11-05T03:00Z', '2024-11-08'),
    ];
    expect(shown({ segments })).toEqual([
      ['holds', 'running', 0, 4, 1],
      ['holds', 'blocked', 4, 5, 2],
      ['holds', 'resumed', 5, 7, 1],
    ]);
  });
});

describe('a layout of anything', () => {
  const time = fc.integer({ min: at('2015-01-01'), max: at('2030-01-01') });
  const openTime = fc.oneof({ weight: 5, arbitrary: time }, fc.constantFrom(-Infinity, Infinity));
  const events = fc.array(
    fc.record({
      key: fc.string(),
      name: fc.string(),
      bounds: fc.tuple(openTime, openTime, openTime),
      isReversal: fc.boolean(),
      isCorrected: fc.boolean(),
      isConflicting: fc.boolean(),
    }),
    { maxLength: 200 },
  );
  const windows = fc
    .record({
      from: time,
      wallPerPixel: fc.integer({ min: 1000, max: 100 * DAY_MS }),
      width: fc.integer({ min: 1, max: 2000 }),
    })
    .map((window) => ({ ...window, span: window.width * window.wallPerPixel }));
  const cuts = fc.array(time, { minLength: 2, maxLength: 60 });

  const asEvent = ({ bounds, ...rest }: { bounds: [number, number, number]; key: string; name: string }): LaneEvent => {
    const [earliest = 0, settled = 0, latest = 0] = bounds.sort((one, other) => (one < other ? -1 : 1));
    return { ...rest, earliest, settled, latest, modality: 'actual', epistemic: 'reported' };
  };

  it('has at most one mark a pixel, lane and plane, stands for each event in sight once, and drops none', () => {
    fc.assert(
      fc.property(events, windows, (given, { from, span, width }) => {
        const lane = { id: 'l', label: 'L', events: given.map(asEvent), segments: [] };
        const [layout] = layOutLanes(prepareLanes([lane], LONDON), { from, to: from + span, width }).lanes;
        for (const { plane, events: placed, anchors } of layout?.lane.planes ?? []) {
          const marks = layout?.marks.filter((mark) => mark.plane === plane) ?? [];
          expect(new Set(marks.map(({ place }) => place)).size).toBe(marks.length);
          expect(marks.map(({ place }) => place)).toEqual(marks.map(({ place }) => place).sort((a, b) => a - b));
          const inSight = [...anchors.keys()].filter((index) => {
            const anchor = anchors[index] ?? 0;
            return anchor >= from && anchor <= from + span;
          });
          const isShown = (index: number) =>
            marks.filter(({ first, end }) => first <= index && index < end).length === 1;
          expect(inSight.every(isShown)).toBe(true);
          expect(marks.every(({ end }) => end <= placed.length)).toBe(true);
          expect(marks.every(({ reach, place }) => reach.left <= place && place <= reach.right)).toBe(true);
        }
      }),
    );
  });

  it('has bars that do not overlap, and none that is lost', () => {
    fc.assert(
      fc.property(cuts, windows, (times, { from, span, width }) => {
        const sorted = [...new Set(times)].sort((one, other) => one - other);
        const segments = sorted.slice(1).map((to, index) => ({
          ...segment(String(index), '2020-01-01', null),
          from: sorted[index] ?? 0,
          settled: sorted[index] ?? 0,
          to,
        }));
        const lane = { id: 'l', label: 'L', events: [], segments };
        const [layout] = layOutLanes(prepareLanes([lane], LONDON), { from, to: from + span, width }).lanes;
        const bars = layout?.bars ?? [];
        expect(bars.every(({ left, right }) => 0 <= left && left < right && right <= width)).toBe(true);
        expect(bars.slice(1).every(({ left }, index) => left >= (bars[index]?.right ?? 0))).toBe(true);
        const inside = segments.filter(
          (each) =>
            LONDON.toWall(each.from) > from + span / width && LONDON.toWall(each.to) < from + span - span / width,
        );
        expect(bars.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(inside.length);
      }),
    );
  });

  it('keeps together what is together when the window moves by whole pixels', () => {
    fc.assert(
      fc.property(
        events,
        windows,
        fc.integer({ min: -50, max: 50 }),
        (given, { from, span, width, wallPerPixel }, moved) => {
          const prepared = prepareLanes([{ id: 'l', label: 'L', events: given.map(asEvent), segments: [] }], LONDON);
          const by = moved * wallPerPixel;
          const marksFrom = (start: number) =>
            layOutLanes(prepared, { from: start, to: start + span, width }).lanes.flatMap(({ marks }) => marks);
          const groups = (start: number) =>
            marksFrom(start)
              .filter(({ place }) => place > 51 && place < width - 51)
              .map(({ plane, first, end }) => `${plane} ${first} ${end}`);
          const before = new Set(marksFrom(from).map(({ plane, first, end }) => `${plane} ${first} ${end}`));
          expect(groups(from + by).filter((group) => !before.has(group))).toEqual([]);
        },
      ),
    );
  });
});
