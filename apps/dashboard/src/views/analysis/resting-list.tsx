import type { VNode } from 'preact';
import type { RestingEvent } from '../../http/analysis/analysis-answers.js';
import type { Frame } from '../../pages/page.js';
import { typeInWords } from '../../words/event-words.js';
import { countOf } from '../../words/words.js';
import { EventLink, textOrErased } from '../parts/references.js';

interface RestingProps {
  readonly rests: readonly RestingEvent[];
  readonly frame: Frame;
}

/** Events that rest on something, the nearest first. */
export function RestingList({ rests, frame }: RestingProps): VNode {
  return (
    <ol class="both resting">
      {rests.map(({ event, type, summary, depth }) => (
        <li>
          <EventLink event={event} frame={frame}>
            {textOrErased(summary)}
          </EventLink>
          <span class="aside">
            {typeInWords(type)}, {depth === 0 ? 'it is behind the event itself' : `${countOf(depth, 'link')} away`}
          </span>
        </li>
      ))}
    </ol>
  );
}
