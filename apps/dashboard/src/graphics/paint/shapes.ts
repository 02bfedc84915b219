import type { Pattern, Tone } from '../lanes/lane-input.js';

/** What a shape is drawn with; style sheet and palette say which colour that is in each scheme. */
export type Ink = Tone | 'text' | 'quiet' | 'rule' | 'ground' | 'accent';

interface Drawn {
  readonly ink: Ink;
  /** Only its outline is drawn. */
  readonly isHollow?: boolean;
  readonly isDashed?: boolean;
  /** Its accessible name, shown where the pointer rests. */
  readonly name?: string;
}

/** A rectangle; pixels from the upper left corner of the plot. */
export interface BoxShape extends Drawn {
  readonly kind: 'box';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Drawn over it; `hatch` says that something is not certain. */
  readonly pattern?: Pattern | 'hatch';
}

/** A disc, or a ring where it is hollow. */
export interface DiscShape extends Drawn {
  readonly kind: 'disc';
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** A line through points. */
export interface LineShape extends Drawn {
  readonly kind: 'line';
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Text on its baseline, with a rim of the ground so that it can be read on anything. */
export interface TextShape extends Drawn {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly align: 'start' | 'middle' | 'end';
}

/** One thing to draw. Plots are lists of shapes, in the order in which they are drawn. */
export type Shape = BoxShape | DiscShape | LineShape | TextShape;

/** A plot ready to be painted. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** The size of text in plots, in pixels. */
export const TEXT_PX = 11;

/** Roughly how wide a text is in plots: enough to decide whether it fits. */
export const widthOfText = (text: string): number => text.length * TEXT_PX * 0.58;

/** A text cut with an ellipsis to the room there is. */
export function cutText(text: string, room: number): string {
  if (widthOfText(text) <= room) return text;
  const letters = Math.max(Math.floor(room / (TEXT_PX * 0.58)) - 1, 1);
  return `${[...text].slice(0, letters).join('').trimEnd()}…`;
}

/** True where a text that begins at a place ends before the edge: no word is cut off. */
export const fitsAt = (place: number, text: string, edge: number): boolean => place + widthOfText(text) <= edge;

/** A shape some pixels further to the right and down. */
export function moveShape(shape: Shape, by: { readonly x: number; readonly y: number }): Shape {
  if (by.x === 0 && by.y === 0) return shape;
  if (shape.kind !== 'line') return { ...shape, x: shape.x + by.x, y: shape.y + by.y };
  return { ...shape, points: shape.points.map(([x, y]) => [x + by.x, y + by.y] as const) };
}
