import type { Lane } from '../../graphics/lanes/lane-input.js';
import type { WallClock } from '../../graphics/time/wall-time.js';
import type { LaneView } from '../../graphics/view/lane-view.js';

/** The stretch of wall time in which everything lies that lanes have a place for, and today. */
export function extentOfLanes(lanes: readonly Lane[], today: number, { toWall }: WallClock): LaneView['extent'] {
  let [from, to] = [Infinity, -Infinity];
  const add = (instant: number): void => {
    if (!Number.isFinite(instant)) return;
    from = Math.min(from, instant);
    to = Math.max(to, instant);
  };
  for (const { events, segments } of lanes) {
    for (const { earliest, latest, settled } of events) for (const bound of [earliest, latest, settled]) add(bound);
    for (const segment of segments) for (const bound of [segment.from, segment.settled, segment.to]) add(bound);
  }
  return { from: Math.min(toWall(from), today), to: Math.max(toWall(to), today) };
}
