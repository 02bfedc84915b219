import type { VNode } from 'preact';
import type { RestingEvent } from '../../http/analysis/analysis-answers.js';
import type { Frame } from '../../pages/page.js';
import { countOf } from '../../words/words.js';
import { RestingList } from './resting-list.js';

/** The events that rest on an event: the nearest of them, and how many there are. */
export interface RestedOn {
  readonly nearest: readonly RestingEvent[];
  readonly count: number;
}

interface RestsOnEventProps {
  readonly event: string;
  readonly rests: RestedOn;
  readonly frame: Frame;
}

/** What rests on an event, in short, and the way to what would read otherwise without it. */
export function RestsOnEvent({ event, rests: { nearest, count }, frame }: RestsOnEventProps): VNode {
  return (
    <section>
      <h2>What rests on this</h2>
      {count === 0 ? (
        <p class="empty">No other event links to it.</p>
      ) : (
        <>
          <p class="quiet">
            {countOf(count, 'event')}, by links from one to the next
            {count > nearest.length ? `; the nearest ${nearest.length}:` : ':'}
          </p>
          <RestingList rests={nearest} frame={frame} />
        </>
      )}
      <p>
        <a href={frame.link('/impact', { event })}>All that rests on it, and what would read otherwise without it</a>
      </p>
    </section>
  );
}
