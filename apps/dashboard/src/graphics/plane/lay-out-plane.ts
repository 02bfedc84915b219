import type { BarLook } from '../lanes/lane-input.js';
import type { WallClock } from '../time/wall-time.js';
import type { PlaneAxis } from './axes.js';

/** A stretch of time; infinite where open, the end excluded. */
export interface PlaneStretch {
  readonly from: number;
  readonly to: number;
}

/** A value that a field had, and the box of known by valid time in which it held, at one position of the log. */
export interface PlaneBox {
  /** The value in words; undefined where the field was absent. */
  readonly words: string | undefined;
  readonly look: BarLook;
  /** Key of the event behind it. */
  readonly event: string;
  readonly known: PlaneStretch;
  readonly valid: PlaneStretch;
  /** It may have held there, beside what did. */
  readonly isUncertain?: boolean;
}

/** Both axes of a plane: valid time to the right, known time downwards. */
export interface PlaneAxes {
  readonly valid: PlaneAxis;
  readonly known: PlaneAxis;
}

/** A box as a rectangle; pixels from the upper left corner. */
export interface PlaneRectangle {
  readonly box: PlaneBox;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What the plane shows: boxes, and the line on which things are known as they happen. */
export interface PlaneLayout {
  readonly axes: PlaneAxes;
  /** What held, then what may have held. Those that held do not overlap. */
  readonly rectangles: readonly PlaneRectangle[];
  /** Right of it lie plans, left of it hindsight. Empty where the axes have no time in common. */
  readonly diagonal: readonly (readonly [x: number, y: number])[];
}

/** Lays boxes out on a plane; those that lie outside it altogether are left out. */
export function layOutPlane(boxes: readonly PlaneBox[], axes: PlaneAxes, clock: WallClock): PlaneLayout {
  const inOrder = [...boxes].sort(
    (one, other) => Number(one.isUncertain ?? false) - Number(other.isUncertain ?? false),
  );
  return {
    axes,
    rectangles: inOrder
      .map((box) => rectangleOf(box, axes, clock))
      .filter(({ left, right, top, bottom }) => left < right && top < bottom),
    diagonal: diagonalOf(axes),
  };
}

const rectangleOf = (box: PlaneBox, { valid, known }: PlaneAxes, { toWall }: WallClock): PlaneRectangle => ({
  box,
  left: valid.placeOf(toWall(box.valid.from)),
  right: valid.placeOf(toWall(box.valid.to)),
  top: known.placeOf(toWall(box.known.from)),
  bottom: known.placeOf(toWall(box.known.to)),
});

function diagonalOf({ valid, known }: PlaneAxes): PlaneLayout['diagonal'] {
  const from = Math.max(valid.from, known.from);
  const to = Math.min(valid.to, known.to);
  if (from >= to) return [];
  // Between the bends of the axes it is straight.
  const bends = [...valid.bends, ...known.bends].filter((wall) => from < wall && wall < to);
  const walls = [from, ...new Set(bends.sort((one, other) => one - other)), to];
  return walls.map((wall) => [valid.placeOf(wall), known.placeOf(wall)] as const);
}

/** The directions in which boxes adjoin. */
export type Direction = 'left' | 'right' | 'up' | 'down';

/** The rectangle that adjoins another on one side, the one that shares most of it; undefined at the edge. */
export function adjoiningRectangle(
  { rectangles }: PlaneLayout,
  of: PlaneRectangle,
  direction: Direction,
): PlaneRectangle | undefined {
  const beside = rectangles
    .filter((other) => other !== of && !other.box.isUncertain && isBeside(of, other, direction))
    .map((rectangle) => ({ rectangle, shared: sharedEdge(of, rectangle, direction) }))
    .filter(({ shared }) => shared > 0);
  return beside.sort((one, other) => other.shared - one.shared)[0]?.rectangle;
}

function isBeside(of: PlaneRectangle, other: PlaneRectangle, direction: Direction): boolean {
  if (direction === 'left') return other.right === of.left;
  if (direction === 'right') return other.left === of.right;
  return direction === 'up' ? other.bottom === of.top : other.top === of.bottom;
}

function sharedEdge(of: PlaneRectangle, other: PlaneRectangle, direction: Direction): number {
  if (direction === 'left' || direction === 'right')
    return Math.min(of.bottom, other.bottom) - Math.max(of.top, other.top);
  return Math.min(of.right, other.right) - Math.max(of.left, other.left);
}
