import type { VNode } from 'preact';
import type { LaneSegment } from '../../graphics/lanes/lane-input.js';
import { layOutBars } from '../../graphics/lanes/lay-out-bars.js';
import { prepareLanes } from '../../graphics/lanes/prepare-lanes.js';
import { lookOfStatus } from '../../graphics/lanes/status-looks.js';
import { AXIS_PX, LANE_PX, drawLanes } from '../../graphics/paint/draw-lanes.js';
import { type Drawing, moveShape } from '../../graphics/paint/shapes.js';
import { type TimeWindow, placeOf } from '../../graphics/time/scale.js';
import { ticksIn } from '../../graphics/time/ticks.js';
import { openWallClock } from '../../graphics/time/wall-time.js';
import type { BoardStatus } from '../../http/board-rows.js';
import { inWords } from '../../words/words.js';
import { Plot } from './plot.js';

/** What all lanes of the board have in common. */
export interface BoardTime {
  /** Instants between which the lanes lie. */
  readonly from: string;
  readonly to: string;
  /** The instant that is marked as the day asked about. */
  readonly about: string;
  readonly zone: string;
}

interface BoardLaneProps {
  readonly statuses: readonly BoardStatus[];
  readonly time: BoardTime;
}

const WIDTH_PX = 220;

/** The statuses of one policy over valid time, as known at the coordinate. */
export const BoardLane = ({ statuses, time }: BoardLaneProps): VNode => (
  <Plot drawing={drawBoardLane(statuses, time)} />
);

/** The years above those lanes. */
export const BoardScale = ({ time }: Pick<BoardLaneProps, 'time'>): VNode => <Plot drawing={drawBoardScale(time)} />;

/** A lane of the board, without an axis of its own. */
export function drawBoardLane(statuses: readonly BoardStatus[], time: BoardTime): Drawing {
  const { window, today, clock } = placeTime(time);
  const lanes = prepareLanes([{ id: '', label: '', events: [], segments: segmentsOfBoard(statuses) }], clock);
  const layout = lanes.map((lane) => ({
    lane,
    bars: lane.segments.flatMap((segments) => layOutBars(segments, window)),
    marks: [],
  }));
  const frame = { labels: 0, today: undefined, names: 'written' } as const;
  const { shapes } = drawLanes({ window, ticks: [], lanes: layout }, frame);
  const x = placeOf(window, today);
  return {
    width: WIDTH_PX,
    height: LANE_PX,
    shapes: [
      ...shapes.map((shape) => moveShape(shape, { x: 0, y: -AXIS_PX })),
      { kind: 'line', ink: 'accent', points: [[x, 0] as const, [x, LANE_PX] as const] },
    ],
  };
}

function drawBoardScale(time: BoardTime): Drawing {
  const { window } = placeTime(time);
  const ticks = ticksIn({ ...window, width: 2 * window.width });
  return {
    width: WIDTH_PX,
    height: 16,
    shapes: ticks
      .map(({ place, label }) => ({ place: place / 2, label }))
      .filter(({ place }) => place < WIDTH_PX - 30)
      .map(({ place, label }) => ({ kind: 'text', ink: 'quiet', align: 'start', x: place, y: 12, text: label })),
  };
}

function placeTime({ from, to, about, zone }: BoardTime) {
  const clock = openWallClock(zone);
  const [start, end, today] = [from, to, about].map((at) => clock.toWall(Date.parse(at)));
  const window: TimeWindow = { from: start ?? 0, to: end ?? 1, width: WIDTH_PX };
  return { window, today: today ?? 0, clock };
}

const instantOf = (at: string | null, open: number): number => (at === null ? open : Date.parse(at));

/** The statuses of a policy on the board, as bars of a lane. */
export const segmentsOfBoard = (statuses: readonly BoardStatus[]): readonly LaneSegment[] => statuses.map(segmentOf);

function segmentOf({ status, event, from, to, isUncertain }: BoardStatus): LaneSegment {
  const [start, end] = [instantOf(from, -Infinity), instantOf(to, Infinity)];
  return {
    words: inWords(status),
    look: lookOfStatus(status),
    event,
    from: start,
    settled: isUncertain === true ? end : start,
    to: end,
    modality: 'actual',
  };
}
