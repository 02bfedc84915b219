import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { eventsOfAnswers } from '../../graphics/lanes/events-of-answers.js';
import type { PolicyEvent } from '../../http/answers.js';
import type { Frame } from '../../pages/page.js';
import { Lanes } from './lanes.js';
import { PlotPatterns } from '../plots/plot.js';

interface EventLaneProps {
  /** The events of a list, which is beside it. */
  readonly events: readonly PolicyEvent[];
  readonly about: string;
  readonly frame: Frame;
}

/** The events of a page over time; nothing where fewer than two have a date. */
export function EventLane({ events, about, frame }: EventLaneProps): VNode | null {
  const lanes = useMemo(
    () => [{ id: 'events', label: 'Events', events: eventsOfAnswers(events), segments: [] }],
    [events],
  );
  if (lanes.every((lane) => lane.events.length < 2)) return null;
  const linkTo = (event: string): string => frame.link(`/events/${event}`);
  return (
    <>
      <PlotPatterns />
      <Lanes label="Events over time" lanes={lanes} zone={frame.about.timeZone} about={about} linkTo={linkTo} />
    </>
  );
}
