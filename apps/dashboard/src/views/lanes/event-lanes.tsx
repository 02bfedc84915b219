import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { segmentsAt } from '../../graphics/lanes/history-segments.js';
import type { Lane } from '../../graphics/lanes/lane-input.js';
import {
  type IndexedEvent,
  eventsOfIndex,
  lanesInPolicy,
  lanesOfPolicies,
} from '../../graphics/lanes/sources/lanes-of-index.js';
import { groupBy } from '../../group-by.js';
import { writeQuery } from '../../http/address.js';
import type { Coordinate } from '../../http/answers.js';
import { type LaneAnswers, type LaneQuestion, readLanesInSteps } from '../../http/events/lane-answers.js';
import { askOverHttp } from '../../islands/browser.js';
import { usePassingDay } from '../../islands/time/passing-day.js';
import type { Problem, Read } from '../../http/ask.js';
import type { Frame } from '../../pages/page.js';
import { Lanes } from './lanes.js';

interface EventLanesProps {
  /** What the page brought along; where it is too much, the browser asks for it. */
  readonly answers: LaneAnswers | undefined;
  readonly question: LaneQuestion;
  /** What happened in events that are listed on the page, by their keys. */
  readonly summaries: Readonly<Record<string, string>>;
  readonly coordinate: Coordinate;
  readonly frame: Frame;
}

// What is for readers without scripts is written on the server alone: made by a script, it would load the picture.
const isOnServer = typeof document === 'undefined';

/** Events over time, in lanes; nothing where fewer than two have a date. */
export function EventLanes(props: EventLanesProps): VNode | null {
  const { question, coordinate, frame } = props;
  const [answered, problem] = useAnswers(props);
  const shown = useShown(props, answered);
  // What is at hand follows the slider at once; what was known exactly on that day comes with the answer.
  const passing = usePassingDay(coordinate.knownAt);
  if (answered === undefined && problem !== undefined)
    return <p class="quiet">These events are not drawn. {problem.detail}</p>;
  if (answered === undefined) return isOnServer ? <PictureAlone frame={frame} /> : null;
  if (shown.events.length < 2) return null;
  const policy = question.policy === undefined ? '' : `/policies/${question.policy}`;
  return (
    <>
      <Lanes
        label="Events over time"
        lanes={shown.lanes}
        zone={frame.about.timeZone}
        about={coordinate.validAt}
        knownAt={passing ?? coordinate.knownAt}
        linkTo={(event) => (shown.later.has(event) ? `/events/${event}` : frame.link(`/events/${event}`))}
        compare={(from, to) => `${policy}/diff${writeQuery(new Map([...Object.entries({ from, to })]))}`}
      />
      {answered.answers.isCut ? (
        <p class="quiet">
          There are more statuses or anomalies than are drawn here. Narrow the list down to one policy, or see{' '}
          <a href={frame.link('/anomalies')}>all anomalies</a>.
        </p>
      ) : null}
    </>
  );
}

/** The picture of the same lanes, for readers without scripts. */
const PictureAlone = ({ frame: { address } }: Pick<EventLanesProps, 'frame'>): VNode => (
  <noscript>
    <img src={`${address.path}.svg${writeQuery(address.parameters, { cursor: undefined })}`} alt="" />
  </noscript>
);

/** What lanes are made of, and the instant until which it was known. */
interface AnsweredAt {
  readonly answers: LaneAnswers;
  readonly knownAt: string;
}

type AnsweredOrNot = readonly [answered: AnsweredAt | undefined, problem: Problem | undefined];

/** What the page brought along, or what the browser has read, or why it could not; an older answer stays until the next is there. */
function useAnswers({ answers, question, coordinate, frame }: EventLanesProps): AnsweredOrNot {
  const { knownAt } = coordinate;
  const [read, setRead] = useState<AnsweredAt>();
  const [problem, setProblem] = useState<Problem>();
  const asked = `${frame.address.path}${writeQuery(frame.address.parameters, { cursor: undefined })}`;
  const isBrought = answers !== undefined;
  useEffect(() => {
    if (isBrought) return undefined;
    let isWanted = true;
    const show = (lanes: Read<LaneAnswers>): void => {
      // What is drawn already is worth more than a part of what comes next.
      if (lanes.ok) setRead((last) => (lanes.body.isPartial && last ? last : { answers: lanes.body, knownAt }));
      setProblem(lanes.ok ? undefined : lanes.problem);
    };
    const readOn = async (): Promise<void> => {
      for await (const lanes of readLanesInSteps(askOverHttp, frame.address, question)) if (isWanted) show(lanes);
    };
    void readOn();
    return () => {
      isWanted = false;
    };
  }, [asked, isBrought, coordinate.recordedAt.position]);
  const brought = useMemo(() => answers && { answers, knownAt }, [answers, knownAt]);
  return [brought ?? read, problem];
}

interface ShownEvents {
  readonly events: readonly IndexedEvent[];
  readonly lanes: readonly Lane[];
  /** Keys of events that were published after what is shown. */
  readonly later: ReadonlySet<string>;
}

const NOTHING: ShownEvents = { events: [], lanes: [], later: new Set() };

const useShown = (
  { question: { policy }, summaries }: EventLanesProps,
  answered: AnsweredAt | undefined,
): ShownEvents =>
  useMemo(
    () => (answered ? showEvents(answered.answers, { policy, summaries, knownAt: answered.knownAt }) : NOTHING),
    [answered],
  );

interface Showing {
  readonly policy: string | undefined;
  readonly summaries: Readonly<Record<string, string>>;
  readonly knownAt: string;
}

/** The lanes of answers: what is known as it was known then, and what became public later. */
export function showEvents(answers: LaneAnswers, { policy, summaries, knownAt }: Showing): ShownEvents {
  const { known, all, statuses, anomalies, isPartial } = answers;
  const notes = { summaries: new Map(Object.entries(summaries)), anomalies: new Set(anomalies) };
  const instant = Date.parse(knownAt);
  const later = all ? eventsOfIndex(all, notes).filter(({ knownFrom = -Infinity }) => knownFrom > instant) : [];
  const events = [...eventsOfIndex(known, notes), ...later];
  const statusesOf = groupBy(statuses, ({ policy: slug = '' }) => slug);
  const lanes =
    policy === undefined
      ? lanesOfPolicies(events, (slug) => segmentsAt(statusesOf.get(slug) ?? [], knownAt))
      : [...(isPartial ? [STATUS_TO_COME] : []), ...lanesInPolicy(events, segmentsAt(statuses, knownAt))];
  return { events, lanes, later: new Set(later.map(({ key }) => key)) };
}

// Keeps its place, so that nothing moves when it comes.
const STATUS_TO_COME: Lane = { id: 'status', label: 'Status', events: [], segments: [] };
