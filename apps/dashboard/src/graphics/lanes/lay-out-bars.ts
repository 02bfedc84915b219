import type { TimeWindow } from '../time/scale.js';
import { pixelsOf } from './pixels.js';
import type { WallSegment } from './prepare-lanes.js';

/** One segment, or several too short to have a pixel each, over the pixels for which it holds. */
export interface Bar {
  /** Whole pixels, the right one excluded. */
  readonly left: number;
  readonly right: number;
  /** The last of those that it stands for. */
  readonly wall: WallSegment;
  readonly count: number;
  /** It goes on beyond the window on that side. */
  readonly isCutLeft: boolean;
  readonly isCutRight: boolean;
}

/**
 * The bars of segments of one kind in a window, from left to right, without overlap.
 *
 * A bar ends where the next begins, to the pixel. What is shorter than a pixel still has one, taken from what follows;
 * what finds that pixel taken is counted with what took it.
 */
export function layOutBars(segments: readonly WallSegment[], window: TimeWindow): readonly Bar[] {
  const pixelOf = pixelsOf(window);
  const bars: MutableBar[] = [];
  for (const wall of segments)
    addBar({ wall, left: pixelOf(wall.from), right: pixelOf(wall.to) }, { bars, width: window.width });
  return bars;
}

type NewBar = Pick<Bar, 'wall' | 'left' | 'right'>;
type MutableBar = { -readonly [Name in keyof Bar]: Bar[Name] };

interface BarsSoFar {
  readonly bars: MutableBar[];
  readonly width: number;
}

function addBar(bar: NewBar, { bars, width }: BarsSoFar): void {
  if (bar.left >= width || (bar.left < 0 && bar.right <= 0)) return;
  const last = bars.at(-1);
  const left = Math.max(bar.left, 0, last?.right ?? 0);
  const right = Math.min(Math.max(bar.right, bar.left + 1), width);
  if (right > left) {
    const { wall } = bar;
    bars.push({ wall, left, right, count: 1, isCutLeft: bar.left < 0, isCutRight: bar.right > width });
  } else if (last) {
    last.count += 1;
    last.wall = bar.wall;
  }
}
