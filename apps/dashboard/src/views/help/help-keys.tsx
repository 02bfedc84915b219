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
      ['c', 'compare from here'],
      ['y', 'links and citations of what is shown'],
    ],
  },
  {
    where: 'Lanes',
    keys: [
      ['← →', 'previous, next event'],
      ['↑ ↓', 'the lane above, below'],
      ['Home End', 'first, last event'],
      ['+ −', 'closer, farther (also W, S)'],
      ['A D', 'move left, right'],
      ['0', 'fit all'],
      ['Space', 'mark the event'],
      ['F', 'fit what lies between the marked event and this one'],
      ['Enter', 'open'],
      ['Esc', 'leave'],
    ],
  },
  {
    where: 'Plane of what we thought, when',
    keys: [
      ['← → ↑ ↓', 'to the box beside, above, below'],
      ['Enter', 'open the event behind the box'],
      ['t', 'to the table'],
      ['Esc', 'leave'],
    ],
  },
  {
    where: 'Compare',
    keys: [
      ['F7 ⇧F7', 'next, previous change'],
      [', .', 'both dates one publication earlier, later'],
      ['x', 'swap the two'],
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
      <p>The colours of the page are chosen at its foot: those of your system, light or dark.</p>
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
