import { nameMark, nameSegment } from '../../graphics/lanes/name-marks.js';
import type { PreparedLane } from '../../graphics/lanes/prepare-lanes.js';

/** What can be in focus in a lane, and where it is. */
export interface LaneTarget {
  readonly key: string;
  readonly wall: number;
  /** Key of the event that it leads to. */
  readonly event: string;
  /** When that event became public, in milliseconds; undefined where no lane has the event. */
  readonly knownFrom?: number | undefined;
  readonly words: () => string;
}

/** The bars and events of a lane by time; those without any finite time have no place to go to. */
export const targetsOf = (lane: PreparedLane): readonly LaneTarget[] =>
  [...barTargets(lane), ...eventTargets(lane)]
    .filter(({ wall }) => Number.isFinite(wall))
    .sort((one, other) => one.wall - other.wall);

const barTargets = ({ segments }: PreparedLane): readonly LaneTarget[] =>
  segments.flat().map((wall) => ({
    key: `${wall.segment.event} ${wall.hold}`,
    wall: Number.isFinite(wall.from) ? wall.from : wall.to,
    event: wall.segment.event,
    words: () => nameSegment(wall),
  }));

const eventTargets = (lane: PreparedLane): readonly LaneTarget[] =>
  lane.planes.flatMap(({ plane, events, anchors }) =>
    events.map(({ key, knownFrom }, index) => ({
      key,
      wall: anchors[index] ?? Infinity,
      event: key,
      knownFrom,
      words: () => nameMark({ lane }, { plane, first: index, end: index + 1 }),
    })),
  );
