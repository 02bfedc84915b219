import type { WallClock } from '../time/wall-time.js';
import type { Lane, LaneEvent, LaneSegment } from './lane-input.js';
import { looksOf } from './looks.js';

/** Marks of different planes are never merged: what readers must not miss is drawn at every zoom. */
const PLANES = ['event', 'correction', 'conflict', 'reversal'] as const;
/** The plane of a mark: of what is known, and the same again of what was published later. */
export type Plane = (typeof PLANES)[number] | `later ${(typeof PLANES)[number]}`;

/** The events of one lane and plane by the wall time at which they are drawn, in that order. */
export interface PlaneEvents {
  readonly plane: Plane;
  readonly events: readonly LaneEvent[];
  readonly anchors: Float64Array;
  readonly earliest: Float64Array;
  readonly latest: Float64Array;
  /** In the milliseconds of instants, not of wall time. */
  readonly knownFrom: Float64Array;
  readonly looks: Uint16Array;
}

const HOLDS = ['holds', 'may-hold', 'planned', 'conditional'] as const;
/** Whether something holds, may hold, is planned, or depends on a condition. */
export type Hold = (typeof HOLDS)[number];

/** The part of a segment of one kind, in wall time; infinite where open, the end excluded. */
export interface WallSegment {
  readonly hold: Hold;
  readonly from: number;
  readonly to: number;
  readonly segment: LaneSegment;
}

/** A lane in wall time, sorted, ready to be laid out for any window. */
export interface PreparedLane {
  readonly id: string;
  readonly label: string;
  readonly planes: readonly PlaneEvents[];
  /** What holds, what may hold, and what is planned, each by start. */
  readonly segments: readonly (readonly WallSegment[])[];
}

/** Lanes in the wall time of a zone. This is done once, the layout for every window. */
export const prepareLanes = (lanes: readonly Lane[], clock: WallClock): readonly PreparedLane[] =>
  lanes.map(({ id, label, events, segments }) => ({
    id,
    label,
    planes: PLANES.map((plane) => planeEvents(plane, { events, clock })).filter(({ events: { length } }) => length > 0),
    segments: HOLDS.map((hold) => segmentsThat(hold, { segments, clock })),
  }));

interface EventsOfLane {
  readonly events: readonly LaneEvent[];
  readonly clock: WallClock;
}

function planeEvents(plane: Plane, { events, clock: { toWall } }: EventsOfLane): PlaneEvents {
  const placed = events
    .filter((event) => planeOf(event) === plane)
    .map((event) => ({ event, anchor: toWall(anchorOf(event)) }))
    .sort((one, other) => one.anchor - other.anchor);
  return {
    plane,
    events: placed.map(({ event }) => event),
    anchors: Float64Array.from(placed, ({ anchor }) => anchor),
    earliest: Float64Array.from(placed, ({ event }) => toWall(event.earliest)),
    latest: Float64Array.from(placed, ({ event }) => toWall(event.latest)),
    knownFrom: Float64Array.from(placed, ({ event: { knownFrom = -Infinity } }) => knownFrom),
    looks: Uint16Array.from(placed, ({ event }) => looksOf(event)),
  };
}

/** The plane of an event: of several that fit, the last. */
function planeOf(event: LaneEvent): Plane {
  if (event.isReversal) return 'reversal';
  if (event.isConflicting) return 'conflict';
  return event.isCorrected || event.isRetracted ? 'correction' : 'event';
}

/** Where an event is drawn: from when on it counts; where that is open, the bound that is not. */
function anchorOf({ settled, earliest, latest }: LaneEvent): number {
  const known = [settled, earliest, latest].find(Number.isFinite);
  return known ?? Infinity;
}

interface SegmentsOfLane {
  readonly segments: readonly LaneSegment[];
  readonly clock: WallClock;
}

const segmentsThat = (hold: Hold, { segments, clock: { toWall } }: SegmentsOfLane): readonly WallSegment[] =>
  segments
    .map((segment) => {
      const { from, to } = stretchOf(segment, hold);
      return { hold, from: toWall(from), to: toWall(to), segment };
    })
    .filter(({ from, to }) => from < to)
    .sort((one, other) => one.from - other.from || one.to - other.to);

interface Stretch {
  readonly from: number;
  readonly to: number;
}

const NOWHERE: Stretch = { from: 0, to: 0 };

/** The part of a segment of one kind. */
function stretchOf({ from, settled, to, modality }: LaneSegment, hold: Hold): Stretch {
  if (modality !== 'actual') return modality === hold ? { from, to } : NOWHERE;
  if (hold === 'holds') return { from: settled, to };
  return hold === 'may-hold' ? { from, to: Math.min(settled, to) } : NOWHERE;
}
