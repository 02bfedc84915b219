import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { read } from '../../http/ask.js';
import { askOverHttp } from '../../islands/browser.js';
import type { LaneTarget } from './lane-targets.js';

interface LaneCardProps {
  readonly target: LaneTarget;
  readonly href: string;
  /** Leads to the comparison from the event that was marked before; undefined where none was. */
  readonly comparison: string | undefined;
  /** Where the event in focus can be read. */
  readonly question: string;
}

/** What is in focus in lanes: its words as a link, what happened, and the way to compare. */
export function LaneCard({ target, href, comparison, question }: LaneCardProps): VNode {
  const summary = useSummary(question);
  const words = target.words();
  return (
    <>
      <a href={href}>{words}</a>
      {summary === undefined || words.startsWith(summary) ? null : <span class="lane-summary"> {summary}</span>}
      {comparison === undefined ? null : (
        <>
          {' '}
          · <a href={comparison}>Compare from the marked event</a>
        </>
      )}
    </>
  );
}

// Whoever moves on through events with a key does not ask about each.
const REST_MS = 150;

/** The summary of an event, asked for when the focus rests on it. */
function useSummary(question: string): string | undefined {
  const [known, setKnown] = useState<{ readonly question: string; readonly summary: string }>();
  useEffect(() => {
    const resting = setTimeout(() => {
      void read<{ readonly summary?: unknown }>(askOverHttp, question).then((event) => {
        if (event.ok && typeof event.body.summary === 'string') setKnown({ question, summary: event.body.summary });
      });
    }, REST_MS);
    return () => clearTimeout(resting);
  }, [question]);
  return known?.question === question ? known.summary : undefined;
}
