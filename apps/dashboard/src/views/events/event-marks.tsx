import type { VNode } from 'preact';
import { type MarkedEvent, marksOf } from '../../words/event-words.js';

/** What a reader has to know of an event before relying on it, each as a word. */
export function EventMarks({ event }: { readonly event: MarkedEvent }): VNode {
  return (
    <>
      {marksOf(event).map(({ kind, words }) => (
        <>
          {' '}
          <span class={`event-mark event-mark-${kind}`}>{words}</span>
        </>
      ))}
    </>
  );
}
