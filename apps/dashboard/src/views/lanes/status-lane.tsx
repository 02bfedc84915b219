import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { type HistoryRow, segmentsAt, segmentsInDoubt } from '../../graphics/lanes/history-segments.js';
import type { Lane } from '../../graphics/lanes/lane-input.js';
import { nameSegment } from '../../graphics/lanes/name-marks.js';
import { prepareLanes } from '../../graphics/lanes/prepare-lanes.js';
import { openWallClock } from '../../graphics/time/wall-time.js';
import type { PolicyState } from '../../http/answers.js';
import type { Frame } from '../../pages/page.js';
import { Graphic } from '../plots/graphic.js';

interface StatusLaneProps {
  readonly policy: PolicyState;
  readonly history: readonly HistoryRow[];
  readonly frame: Frame;
}

/** The status of a policy over valid time, as known at the coordinate: as a lane, and as the list that says the same. */
export function StatusLane({ policy, history, frame }: StatusLaneProps): VNode | null {
  const { validAt } = policy.coordinate;
  const lanes = useMemo(() => lanesOfStatus(policy, history), [policy, history]);
  const linkTo = (event: string): string => frame.link(`/events/${event}`);
  const zone = frame.about.timeZone;
  const inWords = prepareLanes(lanes, openWallClock(zone)).flatMap(({ segments }) => segments.flat());
  if (inWords.length === 0) return null;
  return (
    <section aria-labelledby="status-title">
      <h2 id="status-title">Status over time</h2>
      <Graphic
        place="lane"
        draw={({ Lanes }) => (
          <Lanes
            label="Status over time"
            lanes={lanes}
            zone={zone}
            about={validAt}
            linkTo={linkTo}
            compare={(from, to) => `/policies/${policy.policy}/diff?from=${from}&to=${to}`}
          />
        )}
      />
      <Graphic place="legend" draw={({ Legend }) => <Legend of="lanes" />} />
      <details class="lanes-list">
        <summary>The same as a list</summary>
        <ol>
          {inWords.map((wall) => (
            <li>
              <a href={linkTo(wall.segment.event)}>{nameSegment(wall)}</a>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

/** The lane of a policy's status, as known at its coordinate. */
export function lanesOfStatus(policy: PolicyState, history: readonly HistoryRow[]): readonly Lane[] {
  const rows = history.filter(({ field }) => field === 'status');
  const isMarked = rows.some(({ certainty }) => certainty === 'uncertain');
  const doubts = isMarked ? [] : segmentsInDoubt(policy.uncertain.filter(({ field }) => field === 'status'));
  const segments = [...segmentsAt(rows, policy.coordinate.knownAt), ...doubts];
  return [{ id: 'status', label: 'Status', events: [], segments }];
}
