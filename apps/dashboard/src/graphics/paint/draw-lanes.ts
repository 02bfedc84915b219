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
import { type Drawing, type Shape, type TextShape, cutText, fitsAt, moveShape, widthOfText } from './shapes.js';

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
  const inWindow = [
    ...drawTicks(layout, height),
    ...layout.lanes.flatMap((lane, index) =>
      drawLane(lane, { top: AXIS_PX + index * LANE_PX, width: layout.window.width, frame }),
    ),
    ...drawToday(layout, { frame, height }),
  ];
  const room = frame.labels - LABEL_GAP_PX;
  const names = room <= 0 ? [] : layout.lanes.map((lane, index) => drawName(lane, { index, room }));
  return {
    width: frame.labels + layout.window.width,
    height,
    shapes: [...inWindow.map((shape) => moveShape(shape, { x: frame.labels, y: 0 })), ...names],
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

const drawTicks = ({ ticks, window }: LanesLayout, height: number): readonly Shape[] =>
  ticks.flatMap(({ place, label }) => [
    { kind: 'line', ink: 'rule', points: [[place, AXIS_PX - 5] as const, [place, height] as const] },
    ...(fitsAt(place + 3, label, window.width) ? [write(label, { x: place + 3, y: 12, ink: 'quiet' })] : []),
  ]);

interface Around {
  readonly frame: LanesFrame;
  readonly height: number;
}

function drawToday({ window }: LanesLayout, { frame: { today }, height }: Around): readonly Shape[] {
  const place = today === undefined ? -1 : placeOf(window, today);
  if (place < 0 || place > window.width) return [];
  return [{ kind: 'line', ink: 'accent', name: 'today', points: [[place, 0] as const, [place, height] as const] }];
}

interface At {
  readonly top: number;
  readonly width: number;
  readonly frame: LanesFrame;
}

const nameIn = ({ frame: { names } }: At, name: () => string): { readonly name?: string } =>
  names === 'written' ? { name: name() } : {};

function drawLane(lane: LaneLayout, at: At): readonly Shape[] {
  const names = at.frame.names;
  const bars = {
    top: at.top,
    width: at.width,
    names,
    isBehindMarks: at.frame.bars !== undefined && lane.lane.planes.length > 0,
  };
  return [...drawBars(lane.bars, bars), ...lane.marks.flatMap((mark) => drawMark({ lane, mark }, at))];
}

interface MarkOfLane {
  readonly lane: LaneLayout;
  readonly mark: EventMark;
}

// Signs stand above the discs, so that both can be read where a lane is full.
const DISC = { middle: 14, signs: 9, radius: 3.5 };

// Narrower bounds would be hidden by the disc between them.
const SHOWN_BOUNDS_PX = 8;

function drawMark({ lane, mark }: MarkOfLane, at: At): readonly Shape[] {
  const y = at.top + DISC.middle;
  const hasBounds = !isLater(mark) && mark.reach.right - mark.reach.left >= SHOWN_BOUNDS_PX;
  const bounds = hasBounds ? drawBounds(mark, { y, width: at.width }) : [];
  if (mark.place < 0 || mark.place > at.width) return bounds;
  const named = nameIn(at, () => nameMark(lane, mark));
  if (isLater(mark)) return [drawLater({ x: mark.place, y, ...named })];
  const signs = signsOf(mark.looks);
  const written =
    signs === '' ? [] : [write(signs, { x: mark.place, y: at.top + DISC.signs, align: 'middle', ...named })];
  return [...bounds, ...drawEvents(mark, { x: mark.place, y, ...named }), ...written];
}

interface LineAt {
  readonly y: number;
  readonly width: number;
}

/** The line between two caps within which one moment lies; a bound outside the window has no cap. */
function drawBounds({ reach: { left, right } }: EventMark, { y, width }: LineAt): readonly Shape[] {
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
        [Math.max(left, 0), y],
        [Math.min(right, width), y],
      ],
    },
    ...(left >= 0 ? [cap(left, 3)] : []),
    ...(right <= width ? [cap(right, -3)] : []),
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

/** What has not happened is a square, what has is round: a disc where it is confirmed, else a ring. */
function drawEvents({ looks, first, end }: EventMark, place: NamedPlace): readonly Shape[] {
  const radius = end - first > 1 ? DISC.radius + 1 : DISC.radius;
  const halo: Shape = { kind: 'disc', ink: 'ground', x: place.x, y: place.y, radius: radius + 1.5 };
  if (!includesActual(looks)) return [halo, drawPlan(looks, place)];
  const isHollow = !includesEpistemic(looks, 'confirmed');
  return [halo, { kind: 'disc', ink: 'text', radius, isHollow, ...place }, ...drawDoubt(looks, place)];
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
