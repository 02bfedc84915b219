import type { VNode } from 'preact';
import type { DifferenceOf, FieldChange } from '../http/compare/difference-answers.js';
import type { Titles } from '../http/titles.js';
import type { Frame } from '../pages/page.js';
import { whyInWords } from '../words/compare/whys.js';
import { countOf, fieldInWords } from '../words/words.js';
import { ChangedValue } from './compare/changed-value.js';
import { differenceInWords } from './compare/difference-words.js';

interface SinceProps {
  /** The position of the log that the reader saw last. */
  readonly since: number;
  readonly head: number;
  readonly difference: DifferenceOf;
  readonly titles: Titles;
  readonly frame: Frame;
}

/** So many changes are listed on the board; the comparison has all. */
const MOST_LINES = 10;

/** What differs between the record that a reader saw last and the record of now. */
export function SinceVisit({ since, head, difference, titles, frame }: SinceProps): VNode {
  const { changes, from } = difference;
  const all = `/diff?from.recordedAt=@${since}&to.recordedAt=@${head}`;
  const { at } = from.recordedAt;
  return (
    <section class="since-visit" aria-labelledby="since-visit-title">
      <h2 id="since-visit-title">Since you were last here</h2>
      <p>
        {differenceInWords(difference)} You had seen our record up to @{since}
        {at === null ? '' : `, ${frame.dates.moment(at)}`}.
      </p>
      <ul>
        {changes.slice(0, MOST_LINES).map((change) => (
          <li>
            <ChangeLine change={change} title={titles[change.policy] ?? change.policy} frame={frame} />
          </li>
        ))}
      </ul>
      <p>
        <a href={all}>{changes.length > MOST_LINES ? `All ${countOf(changes.length, 'change')}` : 'The comparison'}</a>
      </p>
    </section>
  );
}

interface LineProps {
  readonly change: FieldChange;
  readonly title: string;
  readonly frame: Frame;
}

function ChangeLine({ change, title, frame }: LineProps): VNode {
  const { policy, field, why } = change;
  return (
    <>
      <a href={frame.link(`/policies/${policy}`)}>{title}</a>, {fieldInWords(field)}:{' '}
      <ChangedValue {...change} side="before" /> → <ChangedValue {...change} side="after" />, {whyInWords(why).word}
    </>
  );
}
