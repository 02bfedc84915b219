import { useEffect } from 'preact/hooks';
import { readKept } from './browser.js';

/** What keys do, by what they are called; with Shift where a key that is no character is held with it. */
export interface Shortcuts {
  readonly [key: string]: () => void;
}

/** The name under which the browser keeps whether character keys work. */
export const KEYS_SWITCH = 'keys';

const ENTRIES = new Set(['INPUT', 'TEXTAREA', 'SELECT']);

/** Listens to character keys, unless they are switched off, a field has the focus, or a modifier is held. */
export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && (ENTRIES.has(target.tagName) || target.isContentEditable);
      const isCharacter = event.key.length === 1;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isCharacter && readKept(KEYS_SWITCH) === 'off') return;
      const act = shortcuts[event.shiftKey && !isCharacter ? `Shift ${event.key}` : event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
