import { type TimeWindow, placeOf, wallAt } from '../time/scale.js';

// As near as a pointer is expected to hit.
const REACH_PX = 8;

/** The wall time at a place: that of the nearest bound if one is near, else of the place itself. */
export function snapTo(bounds: readonly number[], { window, place }: SnapPlace): number {
  const near = bounds
    .map((wall) => ({ wall, distance: Math.abs(placeOf(window, wall) - place) }))
    .filter(({ distance }) => distance <= REACH_PX)
    .sort((one, other) => one.distance - other.distance);
  return near[0]?.wall ?? wallAt(window, place);
}

interface SnapPlace {
  readonly window: TimeWindow;
  /** Pixels from the left edge of the window. */
  readonly place: number;
}
