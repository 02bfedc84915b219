import type { VNode } from 'preact';
import { KeySwitch } from '../../islands/key-switch.js';
import { RowsTable } from '../parts/rows-table.js';

interface KeyRow {
  readonly where: string;
  readonly keys: readonly (readonly [keys: string, act: string])[];
}

const KEYS: readonly KeyRow[] = [
  {
    where: 'Everywhere',
    keys: [
      ['/', 'search'],
      ['?', 'this page'],
      ['[ ]', 'previous, next publication'],
      ['\\', 'now'],
      ['y', 'copy the pinned link'],
      ['c', 'compare from here'],
    ],
  },
  {
    where: 'Lanes',
    keys: [
      ['← →', 'previous, next event'],
      ['↑ ↓', 'lane above, below'],
      ['Home End', 'first, last event'],
      ['+ −', 'closer, farther (also W, S)'],
      ['A D', 'move left, right'],
      ['F', 'fit the selection'],
      ['0', 'fit all'],
      ['Enter', 'open'],
      ['Space', 'mark as the one to compare from'],
      ['Esc', 'leave'],
    ],
  },
  {
    where: 'Compare',
    keys: [
      ['F7 ⇧F7', 'next, previous change'],
      [', .', 'step back, on'],
      ['x', 'swap the two sides'],
    ],
  },
  {
    where: 'Plane of knowledge',
    keys: [
      ['← → ↑ ↓', 'the box beside'],
      ['Enter', 'open'],
      ['t', 'as a table'],
    ],
  },
  { where: 'Slider, tables, forms', keys: [['', 'as your browser has them; nothing is changed']] },
];

/** All keys, and the switch that turns those off that are characters. */
export function HelpKeys(): VNode {
  return (
    <>
      <p>
        Everything can be reached by Tab and Enter. These keys are shorter ways. Those of a view act only while the
        focus is inside it; none acts while you type.
      </p>
      <KeySwitch />
      <RowsTable
        label="Keys"
        rows={KEYS}
        columns={[
          { title: 'Where', cell: ({ where }) => where },
          {
            title: 'Keys',
            cell: ({ keys }) => (
              <dl class="keys">
                {keys.map(([key, act]) => (
                  <div>
                    <dt>{key.split(' ').map((each) => (each === '' ? null : <kbd>{each}</kbd>))}</dt>
                    <dd>{act}</dd>
                  </div>
                ))}
              </dl>
            ),
          },
        ]}
      />
    </>
  );
}
