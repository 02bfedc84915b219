import { useEffect } from 'preact/hooks';
import { readKept } from './browser.js';

/** What the character keys do that work everywhere. */
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
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || readKept(KEYS_SWITCH) === 'off') return;
      const act = shortcuts[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
