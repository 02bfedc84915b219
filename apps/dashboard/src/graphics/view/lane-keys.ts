import type { LaneAction } from './lane-view.js';

/** What is read of a key that was pressed. */
export interface PressedKey {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a key does in lanes; `open` opens the event in focus. */
export type LaneKeyAction = LaneAction | { readonly kind: 'open' };

const ZOOM_STEP = 1.5;
const PAN_PX = 120;

const BY_KEY: ReadonlyMap<string, LaneKeyAction> = new Map<string, LaneKeyAction>([
  ['ArrowRight', { kind: 'next-event' }],
  ['ArrowLeft', { kind: 'previous-event' }],
  ['ArrowDown', { kind: 'next-lane' }],
  ['ArrowUp', { kind: 'previous-lane' }],
  ['Home', { kind: 'first-event' }],
  ['End', { kind: 'last-event' }],
  ['Enter', { kind: 'open' }],
  [' ', { kind: 'mark' }],
  ['Escape', { kind: 'leave' }],
]);

const BY_CHARACTER: ReadonlyMap<string, LaneKeyAction> = new Map<string, LaneKeyAction>([
  ['+', { kind: 'zoom', factor: ZOOM_STEP }],
  ['=', { kind: 'zoom', factor: ZOOM_STEP }],
  ['-', { kind: 'zoom', factor: 1 / ZOOM_STEP }],
  ['0', { kind: 'fit-all' }],
  ['f', { kind: 'fit-selection' }],
]);

// By their place on the keyboard, which other layouts give other letters.
const BY_CODE: ReadonlyMap<string, LaneKeyAction> = new Map<string, LaneKeyAction>([
  ['KeyW', { kind: 'zoom', factor: ZOOM_STEP }],
  ['KeyS', { kind: 'zoom', factor: 1 / ZOOM_STEP }],
  ['KeyA', { kind: 'pan', by: -PAN_PX }],
  ['KeyD', { kind: 'pan', by: PAN_PX }],
]);

/** What a key does while focus is in lanes; undefined for keys that are left to the browser. */
export function laneActionFor(pressed: PressedKey, areCharacterKeysOn: boolean): LaneKeyAction | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return undefined;
  const byKey = BY_KEY.get(pressed.key);
  if (byKey || !areCharacterKeysOn) return byKey;
  return BY_CHARACTER.get(pressed.key.toLowerCase()) ?? BY_CODE.get(pressed.code);
}

/** How much a turn of the wheel zooms, whether it is told in pixels (0), lines (1) or pages (2). */
export const zoomOfWheel = (deltaY: number, deltaMode: number): number =>
  2 ** (-deltaY * ([0.002, 0.05, 1][deltaMode] ?? 0.002));
