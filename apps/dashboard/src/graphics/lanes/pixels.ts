import type { TimeWindow } from '../time/scale.js';

/**
 * Whole pixels of a window by wall time, from -1 (anything before it) to `width + 1` (anything after it).
 *
 * The grid is laid from the beginning of time, not from the edge of the window: what shares a pixel still shares it when
 * the window is moved, so nothing flickers, and bars and marks of the same time always meet.
 */
export function pixelsOf({ from, to, width }: TimeWindow): (wall: number) => number {
  const wallPerPixel = (to - from) / width;
  const first = Math.round(from / wallPerPixel);
  return (wall) => Math.min(Math.max(Math.round(wall / wallPerPixel) - first, -1), width + 1);
}

/**
 * Cells of some pixels by wall time, on the same grid; -1 for anything before the window, `Infinity` for anything after
 * it. No cell reaches over the edge of the window, so that what is in sight is never taken with what is not.
 */
export function cellsOf(window: TimeWindow, pixels: number): (wall: number) => number {
  const { from, to, width } = window;
  const wallPerPixel = (to - from) / width;
  const first = Math.round(from / wallPerPixel);
  return (wall) => {
    const pixel = Math.round(wall / wallPerPixel);
    if (pixel < first) return -1;
    return pixel > first + width ? Infinity : Math.floor(pixel / pixels);
  };
}
