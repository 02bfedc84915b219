import type { LaneEvent, LaneSegment } from '../lanes/lane-input.js';
import { layOutLanes } from '../lanes/lay-out-lanes.js';
import { partLater } from '../lanes/part-later.js';
import { prepareLanes } from '../lanes/prepare-lanes.js';
import { lookOfStatus } from '../lanes/status-looks.js';
import { openWallClock } from '../time/wall-time.js';
import { AXIS_PX, LANE_PX, drawLanes } from './draw-lanes.js';
import { type Drawing, type Shape, moveShape } from './shapes.js';

/** A mark as it is drawn, and what it says. */
export interface LegendSample {
  readonly words: string;
  readonly drawing: Drawing;
}

const WIDTH_PX = 56;

// One unit of time is one pixel.
const PIXEL_MS = 60_000;

const clock = openWallClock('UTC');

/** Draws a lane of its own as it would be drawn among others. */
function drawSample({ events = [], segments = [] }: LaneSample): Drawing {
  const prepared = prepareLanes([{ id: '', label: '', events, segments }], clock);
  const window = { from: 0, to: WIDTH_PX * PIXEL_MS, width: WIDTH_PX };
  const { shapes } = drawLanes(layOutLanes(partLater(prepared, 0), window), {
    labels: 0,
    today: undefined,
    names: 'none',
  });
  return {
    width: WIDTH_PX,
    height: LANE_PX,
    shapes: shapes.map((shape) => moveShape(shape, { x: 0, y: -AXIS_PX })),
  };
}

interface LaneSample {
  readonly events?: readonly LaneEvent[];
  readonly segments?: readonly LaneSegment[];
}

const MIDDLE = (WIDTH_PX / 2) * PIXEL_MS;

const eventWith = (more: Partial<LaneEvent>): LaneEvent => ({
  key: '',
  name: '',
  earliest: MIDDLE,
  latest: MIDDLE,
  settled: MIDDLE,
  modality: 'actual',
  epistemic: 'confirmed',
  ...more,
});

const segmentWith = (more: Partial<LaneSegment>): LaneSegment => ({
  words: '',
  look: { ...lookOfStatus('in-operation'), letter: '' },
  event: '',
  from: 4 * PIXEL_MS,
  settled: 4 * PIXEL_MS,
  to: 50 * PIXEL_MS,
  modality: 'actual',
  ...more,
});

const bar = (words: string, more: Partial<LaneSegment>): LegendSample => ({
  words,
  drawing: drawSample({ segments: [segmentWith(more)] }),
});

const mark = (words: string, more: Partial<LaneEvent>): LegendSample => ({
  words,
  drawing: drawSample({ events: [eventWith(more)] }),
});

/** What bars say: whether something holds, and for how long. */
export const barSamples = (): readonly LegendSample[] => [
  bar('holds', {}),
  bar('may hold: not settled', { settled: Infinity }),
  bar('no end is known', { to: Infinity }),
  bar('planned', { modality: 'planned' }),
  bar('depends on a condition', { modality: 'conditional' }),
];

// What does not fit into a bar is written as its letter.
const TOO_LONG = 'longer than any sample';

/** What bars of statuses are told apart by. */
export const statusSamples = (): readonly LegendSample[] =>
  (
    [
      ['talk: proposed, announced, sought', 'announced'],
      ['bargaining: under negotiation, agreed', 'agreed'],
      ['bargaining that is stalled', 'stalled'],
      ['making: in preparation, legislating, enacted', 'in-preparation'],
      ['running: in pilot, in operation', 'in-operation'],
      ['trouble: disrupted, blocked, paused', 'paused'],
      ['over: ended, scrapped, superseded', 'scrapped'],
    ] as const
  ).map(([words, status]) => bar(words, { words: TOO_LONG, look: lookOfStatus(status) }));

/** What the marks of events say. */
export const eventSamples = (): readonly LegendSample[] => [
  mark('an event, confirmed', {}),
  mark('claimed or reported', { epistemic: 'reported' }),
  mark('disputed', { epistemic: 'disputed' }),
  mark('denied', { epistemic: 'denied' }),
  mark('planned', { modality: 'planned' }),
  mark('depends on a condition', { modality: 'conditional' }),
  mark('one moment between two bounds', { earliest: 8 * PIXEL_MS, latest: 48 * PIXEL_MS }),
  mark('about that day', { isApproximate: true }),
  mark('corrected since', { isCorrected: true }),
  mark('retracted', { isRetracted: true }),
  mark('a reversal', { isReversal: true }),
  mark('in conflict with another', { isConflicting: true }),
  mark('an anomaly', { isAnomalous: true }),
  {
    words: 'several events',
    drawing: drawSample({ events: [eventWith({}), eventWith({})] }),
  },
  mark('published later than what is shown', { knownFrom: 1 }),
  lineSample('the day asked about', { ink: 'accent' }),
];

/** What the plane of a history says beside its colours. */
export const planeSamples = (): readonly LegendSample[] => [
  bar('what was thought to hold', {}),
  {
    words: 'what was thought possible',
    drawing: drawing([{ kind: 'box', ink: 'running', pattern: 'hatch', x: 4, y: 3, width: 46, height: 14 }]),
  },
  {
    words: 'known as it happened: plans right of it, hindsight left of it',
    drawing: drawing([
      line({
        isDashed: true,
        ink: 'text',
        points: [
          [4, 1],
          [50, 19],
        ],
      }),
    ]),
  },
  lineSample('the day asked about', { ink: 'accent' }),
];

/** What the marks of figures say. */
export const figureSamples = (): readonly LegendSample[] => [
  claim('a figure over its period', []),
  claim('at least', [arrow(-1)]),
  claim('at most', [arrow(1)]),
  {
    words: 'superseded, with a line to what replaced it',
    drawing: drawing([
      { kind: 'box', ink: 'making', isHollow: true, x: 4, y: 13, width: 18, height: 5 },
      line({
        ink: 'quiet',
        points: [
          [13, 15],
          [42, 5],
        ],
      }),
      { kind: 'box', ink: 'making', x: 33, y: 3, width: 18, height: 5 },
    ]),
  },
  {
    words: 'both cannot be true',
    drawing: drawing([
      line({
        ink: 'trouble',
        isDashed: true,
        points: [
          [14, 15],
          [30, 5],
        ],
      }),
      { kind: 'box', ink: 'making', x: 4, y: 13, width: 18, height: 5 },
      { kind: 'box', ink: 'making', x: 22, y: 3, width: 18, height: 5 },
      { kind: 'text', ink: 'trouble', align: 'start', x: 44, y: 14, text: '≠' },
    ]),
  },
];

const drawing = (shapes: readonly Shape[]): Drawing => ({ width: WIDTH_PX, height: LANE_PX, shapes });

const line = (
  more: Pick<Extract<Shape, { kind: 'line' }>, 'ink' | 'points'> & { readonly isDashed?: boolean },
): Shape => ({
  kind: 'line',
  ...more,
});

const lineSample = (words: string, { ink }: Pick<Shape, 'ink'>): LegendSample => ({
  words,
  drawing: drawing([
    line({
      ink,
      points: [
        [WIDTH_PX / 2, 0],
        [WIDTH_PX / 2, LANE_PX],
      ],
    }),
  ]),
});

const claim = (words: string, more: readonly Shape[]): LegendSample => ({
  words,
  drawing: drawing([{ kind: 'box', ink: 'making', x: 10, y: 7.5, width: 36, height: 5 }, ...more]),
});

const arrow = (down: 1 | -1): Shape =>
  line({
    ink: 'making',
    points: [
      [28, 10],
      [28, 10 + 9 * down],
      [24, 10 + 5 * down],
      [28, 10 + 9 * down],
      [32, 10 + 5 * down],
    ],
  });
