import { placeOf } from '../time/scale.js';
import type { Bar } from '../lanes/lay-out-bars.js';
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
import { nameBar, nameMark } from '../lanes/name-marks.js';
import { type Drawing, type Ink, type Shape, type TextShape, fitsAt, moveShape, widthOfText } from './shapes.js';

/** How high a lane is, and the axis above the lanes. */
export const LANE_PX = 20;
export const AXIS_PX = 20;

/** What is drawn around lanes. */
export interface LanesFrame {
  /** Pixels left of the window for the names of the lanes; none are written where it is 0. */
  readonly labels: number;
  /** The wall time to mark as today; undefined for none. */
  readonly today: number | undefined;
  /** Whether shapes have their accessible names; a canvas has no use for them. */
  readonly names: 'written' | 'none';
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
  const names = frame.labels === 0 ? [] : layout.lanes.map((lane, index) => drawName(lane, index));
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

const drawName = ({ lane: { label } }: LaneLayout, index: number): Shape =>
  write(label, { x: 0, y: AXIS_PX + index * LANE_PX + 14 });

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

const drawLane = (lane: LaneLayout, at: At): readonly Shape[] => [
  ...lane.bars.flatMap((bar) => drawBar(bar, at)),
  ...lane.marks.flatMap((mark) => drawMark({ lane, mark }, at)),
];

const BAR = { top: 3, height: 14 };

function drawBar(bar: Bar, at: At): readonly Shape[] {
  const { top } = at;
  const { look, words } = bar.wall.segment;
  const isUncertain = bar.wall.hold === 'may-hold';
  const isPlan = bar.wall.hold === 'planned' || bar.wall.hold === 'conditional';
  const width = bar.right - bar.left;
  const box: Shape = {
    kind: 'box',
    ink: look.tone,
    x: bar.left,
    y: top + BAR.top + (isUncertain ? BAR.height / 2 : 0),
    // The pixel that is left out shows the ground between neighbours.
    width: width > 2 ? width - 1 : width,
    height: isUncertain ? BAR.height / 2 : BAR.height,
    pattern: isUncertain ? 'hatch' : look.pattern,
    ...nameIn(at, () => nameBar(bar)),
    ...(isPlan ? { isHollow: true } : {}),
    ...(bar.wall.hold === 'conditional' ? { isDashed: true } : {}),
  };
  const label = labelFor({ words, letter: look.letter }, width);
  const isWritten = label !== '' && !isUncertain;
  return [
    box,
    ...(isWritten ? [write(label, { x: bar.left + 4, y: top + 14 })] : []),
    ...(bar.wall.to === Infinity && !isUncertain ? [drawArrow(at.width, { top, ink: look.tone })] : []),
  ];
}

interface Label {
  readonly words: string;
  readonly letter: string;
}

/** What fits into a bar: the words, else the letter, else nothing. */
function labelFor({ words, letter }: Label, width: number): string {
  if (widthOfText(words) + 8 <= width) return words;
  return widthOfText(letter) + 8 <= width ? letter : '';
}

/** The open arrow at the end of what has no known end. */
function drawArrow(right: number, { top, ink }: { readonly top: number; readonly ink: Ink }): Shape {
  const [upper, middle, lower] = [top + BAR.top, top + BAR.top + BAR.height / 2, top + BAR.top + BAR.height];
  return {
    kind: 'line',
    ink,
    points: [[right - 7, upper] as const, [right, middle] as const, [right - 7, lower] as const],
  };
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
  const bounds = mark.reach.right - mark.reach.left >= SHOWN_BOUNDS_PX ? drawBounds(mark, { y, width: at.width }) : [];
  if (mark.place < 0 || mark.place > at.width) return bounds;
  const named = nameIn(at, () => nameMark(lane, mark));
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
