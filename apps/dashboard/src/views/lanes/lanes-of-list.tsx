import type { VNode } from 'preact';
import type { EventsData } from '../../http/events/event-questions.js';
import type { LaneQuestion } from '../../http/events/lane-answers.js';
import type { Frame } from '../../pages/page.js';
import { textOrErased } from '../parts/references.js';
import { Graphic } from '../plots/graphic.js';

interface LanesOfListProps {
  readonly data: EventsData;
  readonly question: LaneQuestion;
  readonly frame: Frame;
}

/** The lanes beside a list of events, and how they are read. Nothing beside an empty list. */
export function LanesOfList({ data: { list, lanes }, question, frame }: LanesOfListProps): VNode | null {
  if (list.items.length === 0) return null;
  const summaries = Object.fromEntries(list.items.map(({ key, summary }) => [key, textOrErased(summary)]));
  return (
    <>
      <Graphic
        place={lanes === undefined ? 'lanes-to-come' : 'lanes'}
        draw={({ EventLanes }) => (
          <EventLanes
            answers={lanes}
            question={question}
            summaries={summaries}
            coordinate={list.coordinate}
            frame={frame}
          />
        )}
      />
      <Graphic place="legend" draw={({ Legend }) => <Legend of="lanes" />} />
    </>
  );
}
