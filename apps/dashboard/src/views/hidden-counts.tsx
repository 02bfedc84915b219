import type { VNode } from 'preact';
import type { Coordinate } from '../http/answers.js';
import { querySince } from '../http/compare/since.js';
import type { HiddenByTimes } from '../http/events/hidden-events.js';
import type { Frame } from '../pages/page.js';
import { countOf, numberInWords } from '../words/words.js';

interface HiddenCountsProps {
  readonly hidden: HiddenByTimes | undefined;
  readonly coordinate: Coordinate;
  readonly frame: Frame;
}

/** What the times that are chosen hide, each with the way to it. */
export function HiddenCounts({ hidden, coordinate, frame }: HiddenCountsProps): VNode | null {
  if (hidden === undefined) return null;
  const [policy = ''] = /^\/policies\/[^/]+/.exec(frame.address.path) ?? [];
  const events = frame.link(policy === '' ? '/events' : `${policy}/timeline`);
  const differences = `${policy}/diff?${querySince(coordinate)}`;
  const [corrected, retracted] = [hidden.correctedSince, hidden.retractedSince];
  const counts = [
    { count: hidden.later, words: `${countOf(hidden.later, 'later event')} hidden`, href: events },
    { count: corrected, words: `${numberInWords(corrected)} corrected since`, href: differences },
    { count: retracted, words: `${numberInWords(retracted)} retracted since`, href: differences },
    { count: hidden.undated, words: `${countOf(hidden.undated, 'date')} not settled`, href: events },
  ].filter(({ count }) => count > 0);
  if (counts.length === 0) return null;
  return (
    <p class="hidden-counts">
      {counts.map(({ words, href }, index) => (
        <>
          {index === 0 ? '' : ' · '}
          <a href={href}>{words}</a>
        </>
      ))}
    </p>
  );
}
