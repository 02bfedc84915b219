import type { VNode } from 'preact';
import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { Lane } from '../../graphics/lanes/lane-input.js';
import { layOutLanes } from '../../graphics/lanes/lay-out-lanes.js';
import { prepareLanes } from '../../graphics/lanes/prepare-lanes.js';
import { AXIS_PX, LANE_PX, drawLanes } from '../../graphics/paint/draw-lanes.js';
import type { Drawing, Shape } from '../../graphics/paint/shapes.js';
import { placeOf } from '../../graphics/time/scale.js';
import { openWallClock } from '../../graphics/time/wall-time.js';
import { laneActionFor, zoomOfWheel } from '../../graphics/view/lane-keys.js';
import {
  type LaneAction,
  type LaneStops,
  type LaneView,
  openLaneView,
  reduceLaneView,
} from '../../graphics/view/lane-view.js';
import { readKept } from '../../islands/browser.js';
import { KEYS_SWITCH } from '../../islands/shortcuts.js';
import { targetsOf } from './lane-targets.js';
import { Plot } from '../plots/plot.js';

interface LanesProps {
  readonly label: string;
  readonly lanes: readonly Lane[];
  readonly zone: string;
  /** The instant that is marked as the day asked about. */
  readonly about: string;
  readonly linkTo: (event: string) => string;
}

// What the server draws for. The page makes it smaller where it must, so that it reads the same without scripts.
const WIDTH_PX = 900;

/** Lanes that can be zoomed and moved; their list is beside them, and the line below says what is in focus. */
export function Lanes({ label, lanes, zone, about, linkTo }: LanesProps): VNode {
  const clock = useMemo(() => openWallClock(zone), [zone]);
  const today = clock.toWall(Date.parse(about));
  const prepared = useMemo(() => prepareLanes(lanes, clock), [lanes, clock]);
  const stops = useMemo(() => prepared.map(targetsOf), [prepared]);
  const [view, act] = useReducer(
    (current: LaneView, action: LaneAction) => reduceLaneView(current, action, stops),
    openLaneView(extentOf(stops, today), WIDTH_PX),
  );
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => followWheel(root.current, act), []);
  const drawing = drawLanes(layOutLanes(prepared, view.window), { labels: 0, today, names: 'written' });
  const focus = stops[view.focus.lane]?.find(({ key }) => key === view.focus.key);
  const open = (): void => {
    if (focus) location.assign(linkTo(focus.event));
  };
  return (
    <figure class="lanes">
      <div
        ref={root}
        class="lanes-window"
        tabIndex={0}
        role="group"
        aria-label={`${label}: arrow keys move, plus and minus zoom, Enter opens`}
        onKeyDown={(event) => pressKey(event, { act, open })}
        onPointerDown={(event) => startDrag(event, act)}
      >
        <Plot drawing={withFocus(drawing, { view, stops })} />
      </div>
      <figcaption aria-live="polite">{focus ? <a href={linkTo(focus.event)}>{focus.words()}</a> : label}</figcaption>
    </figure>
  );
}

function extentOf(stops: LaneStops, today: number): LaneView['extent'] {
  const walls = [...stops.flat().map(({ wall }) => wall), today];
  return { from: Math.min(...walls), to: Math.max(...walls) };
}

interface Focused {
  readonly view: LaneView;
  readonly stops: LaneStops;
}

function withFocus(drawing: Drawing, { view, stops }: Focused): Drawing {
  const stop = stops[view.focus.lane]?.find(({ key }) => key === view.focus.key);
  if (!stop) return drawing;
  const x = placeOf(view.window, stop.wall);
  const top = AXIS_PX + view.focus.lane * LANE_PX;
  const points = [
    [x, top],
    [x, top + LANE_PX],
  ] as const;
  const ring: readonly Shape[] = [
    { kind: 'disc', ink: 'accent', isHollow: true, x, y: top + LANE_PX / 2, radius: 8 },
    { kind: 'line', ink: 'accent', points },
  ];
  return { ...drawing, shapes: [...drawing.shapes, ...ring] };
}

type Act = (action: LaneAction) => void;

interface Doing {
  readonly act: Act;
  readonly open: () => void;
}

function pressKey(event: KeyboardEvent, { act, open }: Doing): void {
  const action = laneActionFor(event, readKept(KEYS_SWITCH) !== 'off');
  if (!action) return;
  event.preventDefault();
  if (action.kind === 'open') open();
  else act(action);
}

/** Moves the window with the pointer while it is held. */
function startDrag(event: PointerEvent, act: Act): void {
  const target = event.currentTarget;
  if (event.button !== 0 || !(target instanceof HTMLElement)) return;
  let last = placeIn(target, event.clientX);
  const move = ({ clientX }: PointerEvent): void => {
    const place = placeIn(target, clientX);
    act({ kind: 'pan', by: last - place });
    last = place;
  };
  const end = (): void => {
    target.removeEventListener('pointermove', move);
    target.removeEventListener('pointerup', end);
    target.removeEventListener('pointercancel', end);
  };
  target.setPointerCapture(event.pointerId);
  target.addEventListener('pointermove', move);
  target.addEventListener('pointerup', end);
  target.addEventListener('pointercancel', end);
}

/** The place in a picture, in pixels as it was drawn, of a place on the screen, where it may be shown smaller. */
function placeIn(root: HTMLElement, clientX: number): number {
  const picture = root.querySelector('svg');
  if (!picture) return 0;
  const { left, width } = picture.getBoundingClientRect();
  return (clientX - left) * (Number(picture.getAttribute('width')) / width);
}

/** Zooms at the pointer; the wheel alone scrolls the page. */
function followWheel(root: HTMLDivElement | null, act: Act): (() => void) | undefined {
  if (!root) return undefined;
  const turn = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const place = placeIn(root, event.clientX);
    act({ kind: 'zoom', factor: zoomOfWheel(event.deltaY, event.deltaMode), place });
  };
  root.addEventListener('wheel', turn, { passive: false });
  return () => root.removeEventListener('wheel', turn);
}
