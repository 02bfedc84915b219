import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { AXIS_PX, LANE_PX } from '../../graphics/paint/draw-lanes.js';
import type { Drawing } from '../../graphics/paint/shapes.js';
import { placeOf } from '../../graphics/time/scale.js';
import type { LaneView } from '../../graphics/view/lane-view.js';
import type { LaneTarget } from './lane-targets.js';

interface LaneFocusProps {
  readonly view: LaneView;
  /** Pixels left of the window. */
  readonly room: number;
  readonly focus: LaneTarget | undefined;
  readonly marked: (LaneTarget & { readonly lane: number }) | undefined;
  readonly size: Pick<Drawing, 'width' | 'height'>;
  readonly link: (event: string) => string;
}

const RING_PX = 20;

/** The mark in focus as an element of its own over the picture, which has none; and the mark that was chosen before. */
export function LaneFocus({ view, room, focus, marked, size, link }: LaneFocusProps): VNode {
  const element = useRef<HTMLAnchorElement>(null);
  const place = useRef<SVGSVGElement>(null);
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    const had = before.current;
    before.current = focus?.key;
    if (focus) element.current?.focus({ preventScroll: true });
    else if (had !== undefined) place.current?.closest<HTMLElement>('.lanes-window')?.focus({ preventScroll: true });
  }, [focus?.key]);
  const at = (target: LaneTarget, lane: number) => ({
    x: room + placeOf(view.window, target.wall) - RING_PX / 2,
    y: AXIS_PX + lane * LANE_PX + (LANE_PX - RING_PX) / 2,
    width: RING_PX,
    height: RING_PX,
  });
  return (
    <svg ref={place} class="plot lanes-over" width={size.width} height={size.height}>
      {marked ? <rect class="lane-marked" {...at(marked, marked.lane)} rx={3} /> : null}
      {focus ? (
        <a ref={element} href={link(focus.event)} class="lane-focus" aria-label={focus.words()}>
          <rect {...at(focus, view.focus.lane)} rx={3} />
        </a>
      ) : null}
    </svg>
  );
}
