import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { keep, readKept } from './browser.js';
import { KEYS_SWITCH } from './shortcuts.js';

/** The switch that turns character keys off in this browser; it can be moved once the page is alive. */
export function KeySwitch(): VNode {
  const [areOn, setOn] = useState<boolean>();
  const [isForbidden, setForbidden] = useState(false);
  useEffect(() => setOn(readKept(KEYS_SWITCH) !== 'off'), []);
  const choose = (isOn: boolean): void => {
    const isKept = keep(KEYS_SWITCH, isOn ? 'on' : 'off');
    setForbidden(!isKept);
    if (isKept) setOn(isOn);
  };
  return (
    <p class="key-switch">
      <label>
        <input
          type="checkbox"
          checked={areOn ?? true}
          disabled={areOn === undefined || isForbidden}
          onChange={({ currentTarget }) => choose(currentTarget.checked)}
        />{' '}
        Keys that are single characters act.{' '}
        {isForbidden
          ? 'Your browser may keep nothing for this page, so this cannot be changed.'
          : 'Your browser remembers the choice.'}
      </label>
    </p>
  );
}
