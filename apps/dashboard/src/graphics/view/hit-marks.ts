import type { LaneLayout } from '../lanes/lay-out-lanes.js';
import { eventsOfMark, nameBar, nameMark } from '../lanes/name-marks.js';

/** What lies at a place of a lane. */
export interface LaneHit {
  /** The key of its place among what can be in focus. */
  readonly key: string;
  readonly words: () => string;
}

// As near as a pointer is expected to hit.
const REACH_PX = 9;

/** The mark nearest to a place of a lane if one is near, else the bar there; pixels from the left edge of the window. */
export function hitAt(lane: LaneLayout, place: number): LaneHit | undefined {
  const [nearest] = lane.marks
    .map((mark) => ({ mark, distance: Math.abs(mark.place - place) }))
    .filter(({ distance }) => distance <= REACH_PX)
    .sort((one, other) => one.distance - other.distance);
  const [event] = nearest ? eventsOfMark(lane, nearest.mark) : [];
  if (nearest && event) return { key: event.key, words: () => nameMark(lane, nearest.mark) };
  const bar = lane.bars.find(({ left, right }) => left <= place && place < right);
  return bar && { key: `${bar.wall.segment.event} ${bar.wall.hold}`, words: () => nameBar(bar) };
}
