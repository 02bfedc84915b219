import type { Direction } from '../plane/lay-out-plane.js';
import type { PressedKey } from './lane-keys.js';

/** What a key does in a plane. */
export type PlaneKeyAction =
  { readonly kind: 'move'; readonly direction: Direction } | { readonly kind: 'table' } | { readonly kind: 'leave' };

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** What a key does while focus is in a plane; undefined for keys that are left to the browser, as Enter on a link is. */
export function planeActionFor(pressed: PressedKey, areCharacterKeysOn: boolean): PlaneKeyAction | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return undefined;
  const direction = DIRECTIONS[pressed.key];
  if (direction) return { kind: 'move', direction };
  if (pressed.key === 'Escape') return { kind: 'leave' };
  return areCharacterKeysOn && pressed.key.toLowerCase() === 't' ? { kind: 'table' } : undefined;
}
