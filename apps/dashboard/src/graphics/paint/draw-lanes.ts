import { placeOf } from '../time/scale.js';
import type { EventMark } from '../lanes/lay-out-events.js';
import type { LaneLayout, LanesLayout } from '../lanes/lay-out-lanes.js';
import {
  type Looks,
  includesActual,
  includesEpistemic,
  isAllConditional,
  isAllEpistemic,
  signsOf,
} from '../lanes/looks.js';
import { nameMark } from '../lanes/name-marks.js';
import { drawBars } from './draw-bars.js';
import { type Drawing, type Shape, type TextShape, cutText, fitsAt, widthOfText } from './shapes.js';

/** How high a lane is, and the axis above the lanes. */
export const LANE_PX = 20;
export const AXIS_PX = 20;

// Between the names of lanes and what is drawn in them.
const LABEL_GAP_PX = 10;

/** The room that the names of lanes need beside a window, at most a third of the whole. */
export const roomForNames = (labels: readonly string[], width: number): number =>
  Math.ceil(Math.min(Math.max(...labels.map(widthOfText), 0) + LABEL_GAP_PX, width / 3, 240));

/** What is drawn around lanes. */
export interface LanesFrame {
  /** Pixels left of the window for the names of the lanes; none are written where it is 0. */
  readonly labels: number;
  /** The wall time to mark as today; undefined for none. */
  readonly today: number | undefined;
  /** Whether shapes have their accessible names; a canvas has no use for them. */
  readonly names: 'written' | 'none';
  /** Whether bars leave room for marks in lanes that have both; else marks stand on them. */
  readonly bars?: 'below-marks';
}

/** Draws lanes: axis, then lane by lane bars, and marks over them. */
export function drawLanes(layout: LanesLayout, frame: LanesFrame): Drawing {
  const height = AXIS_PX + layout.lanes.length * LANE_PX;
  const { width } = layout.window;
  const room = frame.labels - LABEL_GAP_PX;
  return {
    width: frame.labels + width,
    height,
    shapes: [
      ...drawTicks(layout, { frame, height }),
      ...layout.lanes.flatMap((lane, index) =>
        drawLane(lane, { left: frame.labels, top: AXIS_PX + index * LANE_PX, width, frame }),
      ),
      ...drawToday(layout, { frame, height }),
      ...(room <= 0 ? [] : layout.lanes.map((lane, index) => drawName(lane, { index, room }))),
    ],
  };
}

const write = (text: string, more: Pick<TextShape, 'x' | 'y'> & Partial<TextShape>): TextShape => ({
  kind: 'text',
  text,
  ink: 'text',
  align: 'start',
  ...more,
});

/** The name of a lane, cut where it is too long; its whole is the name of the shape. */
const drawName = ({ lane: { label } }: LaneLayout, { index, room }: NamePlace): Shape => {
  const text = cutText(label, room);
  return write(text, { x: 0, y: AXIS_PX + index * LANE_PX + 15, ...(text === label ? {} : { name: label }) });
};

interface NamePlace {
  readonly index: number;
  readonly room: number;
}

const drawTicks = ({ ticks, window }: LanesLayout, { frame: { labels: left }, height }: Around): readonly Shape[] =>
  ticks.flatMap(({ place, label }) => [
    { kind: 'line', ink: 'rule', points: upright(left + place, { from: AXIS_PX - 5, to: height }) },
    ...(fitsAt(place + 3, label, window.width) ? [write(label, { x: left + place + 3, y: 12, ink: 'quiet' })] : []),
  ]);

const upright = (x: number, { from, to }: { readonly from: number; readonly to: number }) =>
  [[x, from] as const, [x, to] as const] as const;

interface Around {
  readonly frame: LanesFrame;
  readonly height: number;
}

function drawToday({ window }: LanesLayout, { frame: { today, labels }, height }: Around): readonly Shape[] {
  const place = today === undefined ? -1 : placeOf(window, today);
  if (place < 0 || place > window.width) return [];
  return [{ kind: 'line', ink: 'accent', name: 'today', points: upright(labels + place, { from: 0, to: height }) }];
}

interface At {
  /** The left edge of the window. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly frame: LanesFrame;
}

const nameIn = ({ frame: { names } }: At, name: () => string): { readonly name?: string } =>
  names === 'written' ? { name: name() } : {};

function drawLane(lane: LaneLayout, at: At): readonly Shape[] {
  const names = at.frame.names;
  const bars = {
    left: at.left,
    top: at.top,
    width: at.width,
    names,
    isBehindMarks: at.frame.bars !== undefined && lane.lane.planes.length > 0,
  };
  return [...drawBars(lane.bars, bars), ...drawMarks(lane, at)];
}

/** The marks of a lane: the bounds of all, then mark by mark those of each plane over the last, then their signs. */
function drawMarks(lane: LaneLayout, at: At): readonly Shape[] {
  const drawn = lane.marks.map((mark) => drawMark({ lane, mark }, at));
  return [
    ...drawn.flatMap(({ bounds }) => bounds),
    ...lane.lane.planes.flatMap(({ plane }) => drawInTurns(drawn.filter((each) => each.plane === plane))),
    ...leaveRoom(drawn.flatMap(({ signs }) => signs)),
  ];
}

/** The shapes of one mark, by what they lie over. */
interface DrawnMark extends Pick<EventMark, 'plane'> {
  readonly bounds: readonly Shape[];
  readonly halo: readonly Shape[];
  readonly face: readonly Shape[];
  readonly signs: readonly TextShape[];
}

// As many turns as leave the marks of each so far apart that none covers another.
const TURNS = 3;

/**
 * Marks of one plane, every third in one go, so that neighbours have a rim between them, and yet what is drawn alike
 * comes together: to change the colour costs a canvas more than to draw.
 */
const drawInTurns = (marks: readonly DrawnMark[]): readonly Shape[] =>
  Array.from({ length: TURNS }, (_, turn) => marks.filter((__, index) => index % TURNS === turn)).flatMap(
    (together) => [...together.flatMap(({ halo }) => halo), ...together.flatMap(({ face }) => face)],
  );

/** Signs from left to right, less those that the same sign beside them would cover. */
function leaveRoom(signs: readonly TextShape[]): readonly Shape[] {
  const ends = new Map<string, number>();
  return signs.filter(({ text, x }) => {
    const width = widthOfText(text);
    if (Math.abs(x - (ends.get(text) ?? -Infinity)) < width) return false;
    ends.set(text, x);
    return true;
  });
}

interface MarkOfLane {
  readonly lane: LaneLayout;
  readonly mark: EventMark;
}

// Signs stand above the discs, so that both can be read where a lane is full.
const DISC = { middle: 14, signs: 9, radius: 3.5 };

// Narrower bounds would be hidden by the disc between them.
const SHOWN_BOUNDS_PX = 8;

function drawMark({ lane, mark }: MarkOfLane, at: At): DrawnMark {
  const y = at.top + DISC.middle;
  const { plane } = mark;
  const hasBounds = !isLater(mark) && mark.reach.right - mark.reach.left >= SHOWN_BOUNDS_PX;
  const bounds = hasBounds ? drawBounds(mark, { y, left: at.left, width: at.width }) : [];
  if (mark.place < 0 || mark.place > at.width) return { plane, bounds, halo: [], face: [], signs: [] };
  const x = at.left + mark.place;
  const named = nameIn(at, () => nameMark(lane, mark));
  if (isLater(mark)) return { plane, bounds, halo: [], face: [drawLater({ x, y, ...named })], signs: [] };
  const text = signsOf(mark.looks);
  const signs = text === '' ? [] : [write(text, { x, y: at.top + DISC.signs, align: 'middle', ...named })];
  const place = { x, y, ...named };
  return { plane, bounds, halo: [haloOf(mark, place)], face: drawFace(mark, place), signs };
}

interface LineAt {
  readonly y: number;
  /** The left edge of the window. */
  readonly left: number;
  readonly width: number;
}

/** The line between two caps within which one moment lies; a bound outside the window has no cap. */
function drawBounds({ reach }: EventMark, { y, left: edge, width }: LineAt): readonly Shape[] {
  const cap = (x: number, inwards: number): Shape => ({
    kind: 'line',
    ink: 'text',
    points: [
      [x + inwards, y - 5],
      [x, y - 5],
      [x, y + 3],
    ],
  });
  return [
    {
      kind: 'line',
      ink: 'quiet',
      points: [
        [edge + Math.max(reach.left, 0), y],
        [edge + Math.min(reach.right, width), y],
      ],
    },
    ...(reach.left >= 0 ? [cap(edge + reach.left, 3)] : []),
    ...(reach.right <= width ? [cap(edge + reach.right, -3)] : []),
  ];
}

interface NamedPlace {
  readonly x: number;
  readonly y: number;
  readonly name?: string;
}

const isLater = ({ plane }: EventMark): boolean => plane.startsWith('later');

/** What was published later is only outlined, in dots. */
const drawLater = (place: NamedPlace): Shape => ({
  kind: 'disc',
  ink: 'quiet',
  radius: DISC.radius,
  isHollow: true,
  isDashed: true,
  ...place,
});

const radiusOf = ({ first, end }: EventMark): number => (end - first > 1 ? DISC.radius + 1 : DISC.radius);

/** The rim of the ground around a mark. */
const haloOf = (mark: EventMark, { x, y }: NamedPlace): Shape => ({
  kind: 'disc',
  ink: 'ground',
  x,
  y,
  radius: radiusOf(mark) + 1.5,
});

/** What has not happened is a square, what has is round: a disc where it is confirmed, else a ring. */
function drawFace(mark: EventMark, place: NamedPlace): readonly Shape[] {
  const { looks } = mark;
  if (!includesActual(looks)) return [drawPlan(looks, place)];
  const isHollow = !includesEpistemic(looks, 'confirmed');
  return [{ kind: 'disc', ink: 'text', radius: radiusOf(mark), isHollow, ...place }, ...drawDoubt(looks, place)];
}

function drawPlan(looks: Looks, { x, y, ...named }: NamedPlace): Shape {
  const side = 2 * DISC.radius;
  const corner = { x: x - DISC.radius, y: y - DISC.radius };
  const isDashed = isAllConditional(looks);
  return { kind: 'box', ink: 'text', ...corner, width: side, height: side, isHollow: true, isDashed, ...named };
}

/** Slashed: denied. With a point: disputed. */
function drawDoubt(looks: Looks, { x, y }: NamedPlace): readonly Shape[] {
  if (isAllEpistemic(looks, 'disputed')) return [{ kind: 'disc', ink: 'text', x, y, radius: 1.2 }];
  if (!isAllEpistemic(looks, 'denied')) return [];
  return [
    {
      kind: 'line',
      ink: 'text',
      points: [
        [x - 4.5, y + 4.5],
        [x + 4.5, y - 4.5],
      ],
    },
  ];
}
