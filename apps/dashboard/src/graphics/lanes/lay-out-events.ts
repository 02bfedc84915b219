import type { TimeWindow } from '../time/scale.js';
import type { Looks } from './looks.js';
import { cellsOf, pixelsOf } from './pixels.js';
import type { Plane, PlaneEvents } from './prepare-lanes.js';

/** One or more events of a lane and plane that would cover each other. */
export interface EventMark {
  readonly plane: Plane;
  /**
   * Pixel from the left edge of the window, of the first of several; -1 and `width + 1` where only the bounds reach into
   * it.
   */
  readonly place: number;
  /** The events of its plane that it stands for, the end excluded. */
  readonly first: number;
  readonly end: number;
  readonly looks: Looks;
  /** Pixels from the earliest to the latest time at which they may have happened. */
  readonly reach: { readonly left: number; readonly right: number };
}

// Discs nearer to each other than that cannot be told apart.
const CELL_PX = 4;

/** The marks of one plane in a window, from left to right: at most one a cell, so never two on a pixel. */
export function layOutEvents({ plane, ...events }: PlaneEvents, window: TimeWindow): readonly EventMark[] {
  const { width } = window;
  const pixelOf = pixelsOf(window);
  const cellOf = cellsOf(window, CELL_PX);
  const marks: MutableMark[] = [];
  let lastCell = NaN;
  // Every frame of a zoom goes through every event here: nothing is made for one that shares a mark.
  for (let index = 0; index < events.anchors.length; index += 1) {
    const wall = events.anchors[index] ?? Infinity;
    const place = pixelOf(wall);
    const left = Math.min(place, pixelOf(events.earliest[index] ?? -Infinity));
    const right = Math.max(place, pixelOf(events.latest[index] ?? Infinity));
    // Nothing of it reaches into the window.
    if (right < 0 || left > width) continue;
    const looks = events.looks[index] ?? 0;
    const cell = cellOf(wall);
    const last = marks.at(-1);
    if (last && cell === lastCell) {
      last.looks |= looks;
      last.end = index + 1;
      last.reach.left = Math.min(last.reach.left, left);
      last.reach.right = Math.max(last.reach.right, right);
    } else marks.push({ plane, place, first: index, end: index + 1, looks, reach: { left, right } });
    lastCell = cell;
  }
  return marks;
}

type Mutable<Of> = { -readonly [Name in keyof Of]: Of[Name] };
type MutableMark = Mutable<Omit<EventMark, 'reach'>> & { readonly reach: Mutable<EventMark['reach']> };
