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
export function layOutEvents(events: PlaneEvents, window: TimeWindow): readonly EventMark[] {
  const pixelOf = pixelsOf(window);
  const cellOf = cellsOf(window, CELL_PX);
  const marks: MutableMark[] = [];
  let lastCell = NaN;
  for (let index = 0; index < events.anchors.length; index += 1) {
    const found = placeEvent({ events, index, pixelOf }, window);
    if (!found) continue;
    const last = marks.at(-1);
    const cell = cellOf(events.anchors[index] ?? Infinity);
    if (last && cell === lastCell) extendMark(last, found);
    else marks.push(found);
    lastCell = cell;
  }
  return marks;
}

type Mutable<Of> = { -readonly [Name in keyof Of]: Of[Name] };
type MutableMark = Mutable<Omit<EventMark, 'reach'>> & { readonly reach: Mutable<EventMark['reach']> };

interface EventAt {
  readonly events: PlaneEvents;
  readonly index: number;
  readonly pixelOf: (wall: number) => number;
}

/** The mark of one event; undefined where nothing of it reaches into the window. */
function placeEvent({ events, index, pixelOf }: EventAt, { width }: TimeWindow): MutableMark | undefined {
  const anchor = pixelOf(events.anchors[index] ?? Infinity);
  const left = Math.min(anchor, pixelOf(events.earliest[index] ?? -Infinity));
  const right = Math.max(anchor, pixelOf(events.latest[index] ?? Infinity));
  if (right < 0 || left > width) return undefined;
  return {
    plane: events.plane,
    place: anchor,
    first: index,
    end: index + 1,
    looks: events.looks[index] ?? 0,
    reach: { left, right },
  };
}

function extendMark(mark: MutableMark, { end, reach, looks }: MutableMark): void {
  mark.looks |= looks;
  mark.end = end;
  mark.reach.left = Math.min(mark.reach.left, reach.left);
  mark.reach.right = Math.max(mark.reach.right, reach.right);
}
