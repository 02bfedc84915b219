import type { VNode } from 'preact';
import { RowsTable } from '../parts/rows-table.js';

interface Example {
  readonly question: string;
  readonly address: string;
  readonly answer: string;
  readonly why: string;
}

const EXAMPLES: readonly Example[] = [
  {
    question: 'What was known on 2 March about that day?',
    address: '?knownAt=2024-03-02',
    answer: 'Nothing',
    why: 'The toll is charged, but nobody has said so in public yet.',
  },
  {
    question: 'What was known on 4 March about 2 March?',
    address: '?knownAt=2024-03-04&validAt=2024-03-02',
    answer: 'In operation, 6 pounds',
    why: 'The newspaper of 4 March says that it began on 1 March.',
  },
  {
    question: 'What was known on 4 March about that day, as our record stood on 12 March?',
    address: '?knownAt=2024-03-04&recordedAt=2024-03-12',
    answer: 'In operation, 5 pounds',
    why: 'This is what we answered then. We had copied the price wrongly, and corrected it on 20 March.',
  },
  {
    question: 'What was known on 4 March, as our record stood on 5 March?',
    address: '?knownAt=2024-03-04&recordedAt=2024-03-05',
    answer: 'Nothing',
    why: 'It was in the newspaper, but we recorded it on 10 March only.',
  },
];

/** The three times of every view, in plain words, with an example. */
export function HelpTimes(): VNode {
  return (
    <>
      <p>
        Every view answers one question: <em>what was known on a day, about a day, as our record stands</em>. These are
        three times, and each can be chosen by itself in the bar on top.
      </p>
      <dl class="times">
        <dt>Known on</dt>
        <dd>
          What the public could know by the end of that day. Something counts from the day on which it was first
          published, not from the day on which it happened. A plan that was known counts as a plan.
        </dd>
        <dt>About</dt>
        <dd>
          The day that the answer is about: what held on that day. If you choose none, it is the day of{' '}
          <em>known on</em>. Choose an earlier one for hindsight, a later one for what was planned.
        </dd>
        <dt>As recorded</dt>
        <dd>
          The state of our own record. It grows when we record something and when we correct ourselves; nothing is ever
          overwritten. Choose an earlier one to see what this page would have told you then.
        </dd>
      </dl>
      <h2>An example</h2>
      <p>
        From 1 March 2024 ships pay a toll of 6 pounds in a harbour. A newspaper reports it on 4 March. We record it on
        10 March, and copy the price wrongly: 5 pounds. On 20 March we notice, and correct it.
      </p>
      <RowsTable
        label="The example, asked in four ways"
        rows={EXAMPLES}
        columns={[
          { title: 'Question', cell: ({ question }) => question },
          { title: 'Answer', cell: ({ answer }) => <strong>{answer}</strong> },
          { title: 'Why', cell: ({ why }) => why },
          { title: 'Address', cell: ({ address }) => <code>{address}</code> },
        ]}
      />
      <h2>What else to know</h2>
      <ul>
        <li>
          <strong>Days</strong> are those of one time zone, named at the foot of each page, wherever you are. A day
          lasts until its end.
        </li>
        <li>
          <strong>Dates that are not settled</strong> are shown as they are known. “Some time in July” may hold from 1
          July on, and certainly does from 31 July on; in between the page says <em>perhaps</em>.
        </li>
        <li>
          <strong>A pinned link</strong> fixes all three times: it shows the same for ever. A link without them shows
          what is newest.
        </li>
        <li>
          <strong>You can type</strong> 8 July 2025, 2025-07-08, July 2025, yesterday, or @157 for a position in the
          log.
        </li>
      </ul>
    </>
  );
}
