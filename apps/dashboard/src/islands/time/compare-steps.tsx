import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type DifferenceOf, SIDES, swapSides } from '../../http/compare/difference-answers.js';
import type { Frame } from '../../pages/page.js';
import { useNavigation } from '../navigation.js';
import { usePublicationDays } from './publication-days.js';
import { dayAsked, stepSides } from './publications.js';
import { useShortcuts } from '../shortcuts.js';

interface StepsProps {
  readonly difference: Pick<DifferenceOf, 'from' | 'to'>;
  readonly frame: Frame;
}

/** The buttons, and the keys, that move a comparison through time and from one change to the next. */
export function CompareSteps({ difference, frame }: StepsProps): VNode {
  const navigation = useNavigation();
  const days = usePublicationDays(frame, difference.to.recordedAt.position);
  const stepBoth = (steps: number): void => {
    const asked = navigation?.asked().parameters;
    const sides = { from: '', to: '' };
    for (const side of SIDES) {
      const time = asked?.get(side) ?? asked?.get(`${side}.knownAt`);
      sides[side] = dayAsked(time, frame.dates) ?? frame.dates.isoDay(difference[side].knownAt);
    }
    const changes = stepSides(sides, days, steps);
    if (changes !== undefined) navigation?.move(changes, 'final');
  };
  const swap = (): void => {
    const asked = navigation?.asked();
    if (asked !== undefined) navigation?.move(swapSides(asked), 'final');
  };
  const acts = {
    ',': () => stepBoth(-1),
    '.': () => stepBoth(1),
    x: swap,
    F7: () => focusChange(1),
    'Shift F7': () => focusChange(-1),
  };
  useShortcuts(acts);
  const [isStill, setStill] = useState(true);
  useEffect(() => setStill(false), []);
  return (
    <p class="compare-steps">
      <button type="button" disabled={isStill} onClick={acts[',']} title="Both dates one publication earlier">
        ‹ Both earlier
      </button>
      <button type="button" disabled={isStill} onClick={acts['.']} title="Both dates one publication later">
        Both later ›
      </button>
      <button type="button" disabled={isStill} onClick={acts['Shift F7']}>
        Previous change
      </button>
      <button type="button" disabled={isStill} onClick={acts.F7}>
        Next change
      </button>
    </p>
  );
}

/** Puts the focus on the next change, or the one before; from nowhere on the first, or the last. */
function focusChange(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.changes tbody tr')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const target = at === -1 ? rows.at(by === 1 ? 0 : -1) : rows[at + by];
  if (target === undefined) return;
  target.tabIndex = -1;
  target.focus();
}
