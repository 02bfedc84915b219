import type { Drawing } from '../paint/shapes.js';
import type { WallClock } from '../time/wall-time.js';
import { axisOfSteps, axisOfTime } from './axes.js';
import { extentAround } from './boxes-of-rows.js';
import { drawPlane } from './draw-plane.js';
import { framePlane } from './frame-plane.js';
import { type PlaneBox, type PlaneLayout, layOutPlane } from './lay-out-plane.js';

/** What a plane is drawn for. */
export interface PlaneFrame {
  readonly clock: WallClock;
  /** The instant at which it is cut. */
  readonly about: string;
  /** Whether each change of what was known is one step, however long it took. */
  readonly isInSteps: boolean;
  /** Pixels of the plane itself, without the days beside it. */
  readonly width: number;
  readonly height: number;
}

/** A plane as it is laid out, and with its axes as it is drawn. */
export interface OpenPlane {
  readonly layout: PlaneLayout;
  readonly drawing: Drawing;
}

/** Lays out and draws the boxes of one field at one position of the log. */
export function openPlane(boxes: readonly PlaneBox[], frame: PlaneFrame): OpenPlane {
  const { clock, about, isInSteps, width, height } = frame;
  const cut = clock.toWall(Date.parse(about));
  const boundsOf = (axis: 'valid' | 'known') =>
    boxes.flatMap((box) => [box[axis].from, box[axis].to]).map(clock.toWall);
  const knownExtent = extentAround(boundsOf('known'), height);
  const layout = layOutPlane(
    boxes,
    {
      valid: axisOfTime(extentAround([...boundsOf('valid'), cut], width)),
      known: isInSteps ? axisOfSteps(boundsOf('known'), knownExtent) : axisOfTime(knownExtent),
    },
    clock,
  );
  return { layout, drawing: framePlane(drawPlane(layout, clock, cut), layout, clock) };
}
