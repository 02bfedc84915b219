import { type TimeWindow, placeOf, wallAt } from '../time/scale.js';

/** An event where it is drawn, for moving from one to the next. */
export interface LaneStop {
  readonly key: string;
  readonly wall: number;
}

/** The lanes of a view: of each its events by wall time. They are finite and sorted. */
export type LaneStops = readonly (readonly LaneStop[])[];

/** What a reader sees and has chosen in lanes. */
export interface LaneView {
  readonly window: TimeWindow;
  /** All there is to see. */
  readonly extent: { readonly from: number; readonly to: number };
  readonly focus: { readonly lane: number; readonly key: string | undefined };
  /** Key of the event that is marked as the beginning of a comparison or selection. */
  readonly marked: string | undefined;
}

/** What a reader does. Places and distances are pixels. */
export type LaneAction =
  | { readonly kind: 'zoom'; readonly factor: number; readonly place?: number }
  | { readonly kind: 'pan'; readonly by: number }
  | { readonly kind: 'resize'; readonly width: number }
  | { readonly kind: 'show' | 'stretch' | 'extend'; readonly from: number; readonly to: number }
  | { readonly kind: 'fit-all' | 'fit-selection' | 'next-event' | 'previous-event' | 'first-event' | 'last-event' }
  | { readonly kind: 'next-lane' | 'previous-lane' | 'mark' | 'leave' }
  | { readonly kind: 'focus'; readonly lane: number; readonly key: string };

// The closest view: a day is more than three screens wide.
const LEAST_WALL_PER_PIXEL = 20_000;

// How much more than all there is can be seen at once.
const MARGIN = 1.1;

const DAY_MS = 86_400_000;

/** The view that shows all of an extent. */
export function openLaneView(extent: LaneView['extent'], width: number): LaneView {
  const view = { extent, focus: { lane: 0, key: undefined }, marked: undefined };
  return { ...view, window: windowAround(extent, { extent, width }) };
}

/** The view after what a reader did. An action that has nothing to act on leaves it as it is. */
export function reduceLaneView(view: LaneView, action: LaneAction, stops: LaneStops): LaneView {
  switch (action.kind) {
    case 'zoom':
      return { ...view, window: zoom(view, action) };
    case 'pan':
      return { ...view, window: pan(view, action.by) };
    case 'resize':
      return { ...view, window: resize(view, action.width) };
    case 'show':
      return { ...view, window: windowAround(action, { extent: view.extent, width: view.window.width }) };
    case 'stretch':
      return { ...view, window: stretch(view, action) };
    case 'extend':
      return extend(view, action);
    case 'fit-all':
      return { ...view, window: windowAround(view.extent, { extent: view.extent, width: view.window.width }) };
    case 'fit-selection':
      return fitSelection(view, stops);
    case 'focus':
      return bringIntoView({ ...view, focus: { lane: action.lane, key: action.key } }, stops);
    case 'mark':
      return { ...view, marked: view.marked === view.focus.key ? undefined : view.focus.key };
    case 'leave':
      return { ...view, marked: undefined, focus: { ...view.focus, key: undefined } };
    case 'next-lane':
    case 'previous-lane':
      return moveLane(view, action.kind === 'next-lane' ? 1 : -1, stops);
    default:
      return moveEvent(view, action.kind, stops);
  }
}

interface Within {
  readonly extent: LaneView['extent'];
  readonly width: number;
}

/** The window with a stretch in its middle, with some room beside it. */
function windowAround({ from, to }: LaneView['extent'], { extent, width }: Within): TimeWindow {
  const perPixel = limitScale((Math.max(to - from, DAY_MS) * MARGIN) / width, { extent, width });
  return windowFrom((from + to) / 2 - (perPixel * width) / 2, { perPixel, width });
}

interface PixelScale {
  readonly perPixel: number;
  readonly width: number;
}

// Whole milliseconds a pixel: then windows can be moved as often as one likes, and what shares a pixel still does.
const windowFrom = (from: number, { perPixel, width }: PixelScale): TimeWindow => {
  const first = Math.round(from);
  return { from: first, to: first + perPixel * width, width };
};

function limitScale(perPixel: number, { extent, width }: Within): number {
  const most = Math.ceil((Math.max(extent.to - extent.from, DAY_MS) * MARGIN) / width);
  return Math.max(Math.min(Math.round(perPixel), most), LEAST_WALL_PER_PIXEL);
}

const perPixelOf = ({ from, to, width }: TimeWindow): number => Math.round((to - from) / width);

/** What is under the pointer, or in the middle, stays there. */
function zoom({ window, extent }: LaneView, { factor, place = window.width / 2 }: Zoom): TimeWindow {
  const { width } = window;
  const perPixel = limitScale(perPixelOf(window) / factor, { extent, width });
  return keepInside(windowFrom(wallAt(window, place) - place * perPixel, { perPixel, width }), extent);
}

interface Zoom {
  readonly factor: number;
  readonly place?: number;
}

function pan({ window, extent }: LaneView, by: number): TimeWindow {
  const perPixel = perPixelOf(window);
  return keepInside(windowFrom(window.from + Math.round(by) * perPixel, { perPixel, width: window.width }), extent);
}

/** The window over exactly that stretch, as far as it is not too short. */
function stretch({ window: { width }, extent }: LaneView, { from, to }: LaneView['extent']): TimeWindow {
  const perPixel = limitScale((to - from) / width, { extent, width });
  return keepInside(windowFrom(from, { perPixel, width }), extent);
}

/** What there is to see has changed; who saw all of it does so still. */
function extend(view: LaneView, { from, to }: LaneView['extent']): LaneView {
  const { extent, window } = view;
  if (extent.from === from && extent.to === to) return view;
  const whole = windowAround(extent, { extent, width: window.width });
  const sawAll = whole.from === window.from && whole.to === window.to;
  const next = { from, to };
  return {
    ...view,
    extent: next,
    window: sawAll ? windowAround(next, { extent: next, width: window.width }) : keepInside(window, next),
  };
}

function resize({ window, extent }: LaneView, width: number): TimeWindow {
  const perPixel = limitScale((window.to - window.from) / width, { extent, width });
  return keepInside(windowFrom(window.from, { perPixel, width }), extent);
}

/** Moves a window so that its middle lies in the extent: nobody loses sight of everything. */
function keepInside(window: TimeWindow, extent: LaneView['extent']): TimeWindow {
  const half = (window.to - window.from) / 2;
  const from = Math.min(Math.max(window.from, extent.from - half), extent.to - half);
  return windowFrom(from, { perPixel: perPixelOf(window), width: window.width });
}

const stopOf = (key: string | undefined, stops: LaneStops): LaneStop | undefined =>
  stops.flat().find((stop) => stop.key === key);

/** Fits what lies between the marked event and the one in focus; around one event, a month. */
function fitSelection(view: LaneView, stops: LaneStops): LaneView {
  const walls = [view.marked, view.focus.key].flatMap((key) => stopOf(key, stops)?.wall ?? []);
  if (walls.length === 0) return view;
  const [from, to] = [Math.min(...walls), Math.max(...walls)];
  const stretch = from === to ? { from: from - 15 * DAY_MS, to: to + 15 * DAY_MS } : { from, to };
  const { extent } = view;
  return { ...view, window: windowAround(stretch, { extent, width: view.window.width }) };
}

type EventMove = 'next-event' | 'previous-event' | 'first-event' | 'last-event';

function moveEvent(view: LaneView, move: EventMove, stops: LaneStops): LaneView {
  const lane = stops[view.focus.lane] ?? [];
  const at = lane.findIndex(({ key }) => key === view.focus.key);
  const target = {
    'first-event': 0,
    'last-event': lane.length - 1,
    'next-event': at < 0 ? firstInSight(lane, view.window) : Math.min(at + 1, lane.length - 1),
    'previous-event': at < 0 ? lane.length - 1 : Math.max(at - 1, 0),
  }[move];
  return focusStop(view, { lane: view.focus.lane, stop: lane[target] }, stops);
}

const firstInSight = (lane: readonly LaneStop[], { from }: TimeWindow): number =>
  Math.max(
    lane.findIndex(({ wall }) => wall >= from),
    0,
  );

/** Moves to the event of the neighbouring lane that is nearest in time; over lanes that are empty. */
function moveLane(view: LaneView, by: 1 | -1, stops: LaneStops): LaneView {
  let lane = view.focus.lane + by;
  while (stops[lane]?.length === 0) lane += by;
  const here = stopOf(view.focus.key, stops)?.wall ?? (view.window.from + view.window.to) / 2;
  return focusStop(view, { lane, stop: nearestStop(stops[lane] ?? [], here) }, stops);
}

const nearestStop = (lane: readonly LaneStop[], wall: number): LaneStop | undefined =>
  [...lane].sort((one, other) => Math.abs(one.wall - wall) - Math.abs(other.wall - wall))[0];

interface Target {
  readonly lane: number;
  readonly stop: LaneStop | undefined;
}

const focusStop = (view: LaneView, { lane, stop }: Target, stops: LaneStops): LaneView =>
  stop ? bringIntoView({ ...view, focus: { lane, key: stop.key } }, stops) : view;

// As near to the edge as what is in focus may be.
const EDGE_PX = 24;

/** Moves the window just so far that the event in focus lies in it. */
function bringIntoView(view: LaneView, stops: LaneStops): LaneView {
  const stop = stopOf(view.focus.key, stops);
  if (!stop) return view;
  const place = placeOf(view.window, stop.wall);
  const edge = Math.min(EDGE_PX, view.window.width / 4);
  const by = Math.min(place - edge, 0) + Math.max(place - (view.window.width - edge), 0);
  return by === 0 ? view : { ...view, window: pan(view, by < 0 ? Math.floor(by) : Math.ceil(by)) };
}
