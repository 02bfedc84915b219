import type { TimeWindow } from '../time/scale.js';
import { type Tick, ticksIn } from '../time/ticks.js';
import { type Bar, layOutBars } from './lay-out-bars.js';
import { type EventMark, layOutEvents } from './lay-out-events.js';
import type { PreparedLane } from './prepare-lanes.js';

/** What one lane shows in a window. */
export interface LaneLayout {
  readonly lane: PreparedLane;
  /** What holds, then what may hold, then plans; each from left to right. */
  readonly bars: readonly Bar[];
  /** By plane, in the order in which they are drawn; within one from left to right. */
  readonly marks: readonly EventMark[];
}

/** What lanes show in a window, without saying how it is painted. */
export interface LanesLayout {
  readonly window: TimeWindow;
  readonly ticks: readonly Tick[];
  readonly lanes: readonly LaneLayout[];
}

/** Lays lanes out for a window: never two marks on a pixel of a lane and plane, nor two bars of a kind. */
export const layOutLanes = (lanes: readonly PreparedLane[], window: TimeWindow): LanesLayout => ({
  window,
  ticks: ticksIn(window),
  lanes: lanes.map((lane) => ({
    lane,
    bars: lane.segments.flatMap((segments) => layOutBars(segments, window)),
    marks: lane.planes.flatMap((events) => layOutEvents(events, window)),
  })),
});
