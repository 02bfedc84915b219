import { zoomOfWheel } from '../../graphics/view/lane-keys.js';
import type { LaneAction } from '../../graphics/view/lane-view.js';

/** Hands on what a reader does. */
export type Act = (action: LaneAction) => void;

/** What gestures change, and where they are made. */
export interface GestureTarget {
  readonly root: HTMLElement;
  /** Pixels left of the window of time: names of lanes. */
  readonly offset: () => number;
  readonly act: Act;
  /** The pointer was pressed and let go at one place; pixels of the picture. */
  readonly press: (place: { readonly x: number; readonly y: number }) => void;
  /** The pointer rests at a place, or has left. */
  readonly hover: (place: { readonly x: number; readonly y: number } | undefined) => void;
}

// Nearer together than that, pressing and letting go are one place.
const STILL_PX = 4;

/** Follows pointers and wheel over lanes until it is told to stop: drag moves, two fingers and Ctrl with the wheel zoom. */
export function followGestures(target: GestureTarget): () => void {
  const { root } = target;
  const stopping = new AbortController();
  const { signal } = stopping;
  const frames = gatherFrames(target.act, signal);
  const pointers = new Map<number, Pointer>();
  const down = (event: PointerEvent): void => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('a, button'))) return;
    const place = placeIn(root, event);
    pointers.set(event.pointerId, { first: place, last: place, hasMoved: false });
  };
  const move = (event: PointerEvent): void => {
    const held = pointers.get(event.pointerId);
    const place = placeIn(root, event);
    if (!held) return target.hover(place);
    if (Math.abs(place.x - held.first.x) + Math.abs(place.y - held.first.y) > STILL_PX) held.hasMoved = true;
    // Captured only now, so that a press without a move still reaches what lies under it.
    if (held.hasMoved) root.setPointerCapture(event.pointerId);
    const [other] = [...pointers].flatMap(([id, each]) => (id === event.pointerId ? [] : [each]));
    if (other) frames.push(pinch(held, { to: place, other: other.last.x, offset: target.offset() }));
    else if (held.hasMoved) frames.push({ kind: 'pan', by: held.last.x - place.x });
    held.last = place;
  };
  const up = (event: PointerEvent): void => {
    const held = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (held && !held.hasMoved && event.type === 'pointerup') target.press(held.first);
  };
  const turn = (event: WheelEvent): void => {
    // The wheel alone scrolls the page.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const place = placeIn(root, event).x - target.offset();
    frames.push({ kind: 'zoom', factor: zoomOfWheel(event.deltaY, event.deltaMode), place });
  };
  root.addEventListener('pointerdown', down, { signal });
  root.addEventListener('pointermove', move, { signal });
  root.addEventListener('pointerup', up, { signal });
  root.addEventListener('pointercancel', up, { signal });
  root.addEventListener('pointerleave', () => target.hover(undefined), { signal });
  root.addEventListener('wheel', turn, { passive: false, signal });
  return () => stopping.abort();
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Pointer {
  readonly first: Place;
  last: Place;
  hasMoved: boolean;
}

/** The place of a pointer from the upper left corner of what gestures are made on. */
export function placeIn(root: Element, { clientX, clientY }: MouseEvent): Place {
  const { left, top } = root.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

interface PinchTo {
  readonly to: Place;
  /** Where the other finger rests. */
  readonly other: number;
  readonly offset: number;
}

// Fingers nearer together than that say nothing about how much to zoom.
const LEAST_PINCH_PX = 12;

/** What a move of one of two fingers does: what lies between them stays there. */
function pinch({ last }: Pointer, { to, other, offset }: PinchTo): LaneAction {
  const [before, after] = [last.x - other, to.x - other].map((gap) => Math.max(Math.abs(gap), LEAST_PINCH_PX));
  return { kind: 'zoom', factor: (after ?? 1) / (before ?? 1), place: (to.x + other) / 2 - offset };
}

interface Frames {
  push(action: LaneAction): void;
}

/** Hands on actions once a frame, however often pointers tell of themselves. */
function gatherFrames(act: Act, signal: AbortSignal): Frames {
  let waiting: LaneAction[] = [];
  const flush = (): void => {
    const actions = waiting;
    waiting = [];
    if (!signal.aborted) for (const action of actions) act(action);
  };
  return {
    push: (action) => {
      if (waiting.length === 0) requestAnimationFrame(flush);
      waiting = addAction(waiting, action);
    },
  };
}

/** Moves of one frame are one move. */
function addAction(waiting: readonly LaneAction[], action: LaneAction): LaneAction[] {
  const last = waiting.at(-1);
  if (last?.kind === 'pan' && action.kind === 'pan')
    return [...waiting.slice(0, -1), { kind: 'pan', by: last.by + action.by }];
  return [...waiting, action];
}
