import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { PreparedLane } from '../../graphics/lanes/prepare-lanes.js';
import { type TimeWindow, placeOf, wallAt } from '../../graphics/time/scale.js';
import { snapTo } from '../../graphics/view/snapping.js';
import { type Act, placeIn } from './gestures.js';

interface OverviewProps {
  readonly lanes: readonly PreparedLane[];
  /** All there is to see, as wide as the window of the lanes above. */
  readonly whole: TimeWindow;
  /** What is seen of it. */
  readonly window: TimeWindow;
  /** Pixels left of it. */
  readonly offset: number;
  readonly act: Act;
}

const HEIGHT_PX = 28;
const COLUMN_PX = 3;

/** The whole of the lanes in one strip, with a frame around what is seen: to be moved, and pulled at its edges. */
export function OverviewStrip({ lanes, whole, window, offset, act }: OverviewProps): VNode {
  const columns = useMemo(() => densityOf(lanes, whole), [lanes, whole]);
  const root = useRef<SVGSVGElement>(null);
  const seen = { left: placeOf(whole, window.from), right: placeOf(whole, window.to) };
  const now = useRef({ whole, seen, offset, lanes, act });
  now.current = { whole, seen, offset, lanes, act };
  useEffect(() => (root.current ? followBrush(root.current, () => now.current) : undefined), []);
  const most = Math.max(...columns, 1);
  const [left, right] = [Math.max(seen.left, 0), Math.min(seen.right, whole.width)];
  return (
    <svg ref={root} class="plot overview" width={offset + whole.width} height={HEIGHT_PX} aria-hidden="true">
      {columns.map((count, index) => {
        const height = count === 0 ? 0 : Math.max((count / most) * (HEIGHT_PX - 6), 2);
        return height === 0 ? null : (
          <rect
            class="fill-neutral"
            x={offset + index * COLUMN_PX}
            y={HEIGHT_PX - 2 - height}
            width={COLUMN_PX - 1}
            height={height}
          />
        );
      })}
      <rect class="overview-frame" x={offset + left} y={1} width={Math.max(right - left, 2)} height={HEIGHT_PX - 2} />
      <rect class="overview-edge" x={offset + left - 2} y={6} width={4} height={HEIGHT_PX - 12} />
      <rect class="overview-edge" x={offset + right - 2} y={6} width={4} height={HEIGHT_PX - 12} />
    </svg>
  );
}

/** How many events lie in each column of the strip. */
function densityOf(lanes: readonly PreparedLane[], whole: TimeWindow): readonly number[] {
  const counts = new Array<number>(Math.ceil(whole.width / COLUMN_PX)).fill(0);
  for (const { planes } of lanes)
    for (const { anchors } of planes)
      for (const wall of anchors) {
        const column = Math.floor(placeOf(whole, wall) / COLUMN_PX);
        const count = counts[column];
        if (count !== undefined) counts[column] = count + 1;
      }
  return counts;
}

interface BrushState extends Pick<OverviewProps, 'whole' | 'offset' | 'lanes' | 'act'> {
  readonly seen: { readonly left: number; readonly right: number };
}

// As near to an edge as a finger hits it.
const EDGE_PX = 10;

/** Moves the frame with the pointer that holds it, or the edge of it that was taken; edges snap to bounds. */
function followBrush(root: SVGSVGElement, read: () => BrushState): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let held: { readonly part: 'left' | 'right' | 'frame'; last: number } | undefined;
  root.addEventListener(
    'pointerdown',
    (event) => {
      const { whole, seen, offset, act } = read();
      const x = placeIn(root, event).x - offset;
      const part = partAt(x, seen);
      root.setPointerCapture(event.pointerId);
      held = { part: part === 'outside' ? 'frame' : part, last: x };
      if (part === 'outside') act(shown(whole, { left: x - widthOf(seen) / 2, right: x + widthOf(seen) / 2 }));
    },
    { signal },
  );
  root.addEventListener(
    'pointermove',
    (event) => {
      if (!held) return;
      const { whole, seen, offset, lanes, act } = read();
      const x = placeIn(root, event).x - offset;
      const by = x - held.last;
      held.last = x;
      if (held.part === 'frame') return act(shown(whole, { left: seen.left + by, right: seen.right + by }));
      const snapped = placeOf(whole, snapTo(boundsOf(lanes), { window: whole, place: x }));
      const [left, right] = held.part === 'left' ? [snapped, seen.right] : [seen.left, snapped];
      if (right - left > 1) act(shown(whole, { left, right }));
    },
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel']) root.addEventListener(end, () => (held = undefined), { signal });
  return () => stopping.abort();
}

const widthOf = ({ left, right }: BrushState['seen']): number => right - left;

function partAt(x: number, { left, right }: BrushState['seen']): 'left' | 'right' | 'frame' | 'outside' {
  const [toLeft, toRight] = [Math.abs(x - left), Math.abs(x - right)];
  // A frame too narrow for three parts is moved, not pulled.
  const reach = Math.min(EDGE_PX, (right - left) / 3);
  if (toLeft <= reach && toLeft <= toRight) return 'left';
  if (toRight <= reach) return 'right';
  return x > left - EDGE_PX && x < right + EDGE_PX ? 'frame' : 'outside';
}

const shown = (whole: TimeWindow, { left, right }: BrushState['seen']) =>
  ({ kind: 'stretch', from: wallAt(whole, left), to: wallAt(whole, right) }) as const;

/** Where statuses begin and end: of events there are too many to snap to. */
const boundsOf = (lanes: readonly PreparedLane[]): readonly number[] =>
  lanes.flatMap(({ segments }) => segments.flat().flatMap(({ from, to }) => [from, to])).filter(Number.isFinite);
