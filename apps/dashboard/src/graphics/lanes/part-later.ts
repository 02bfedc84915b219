import type { PlaneEvents, PreparedLane } from './prepare-lanes.js';

/** Lanes with what was published after an instant in planes of its own. Done at every step through time, so it only copies. */
export const partLater = (lanes: readonly PreparedLane[], knownAt: number): readonly PreparedLane[] =>
  lanes.map((lane) => ({ ...lane, planes: lane.planes.flatMap((plane) => partPlane(plane, knownAt)) }));

function partPlane(plane: PlaneEvents, knownAt: number): readonly PlaneEvents[] {
  const isLater = Array.from(plane.knownFrom, (from) => from > knownAt);
  if (!isLater.includes(true)) return [plane];
  const later = { ...keep(plane, isLater, true), plane: `later ${nameOf(plane)}` as const };
  return isLater.includes(false) ? [keep(plane, isLater, false), later] : [later];
}

type PlaneName = Exclude<PlaneEvents['plane'], `later ${string}`>;

/** A plane that was parted before is parted by its own name again. */
const nameOf = ({ plane }: PlaneEvents): PlaneName => NAMES.find((name) => plane.endsWith(name)) ?? 'event';

const NAMES: readonly PlaneName[] = ['event', 'correction', 'conflict', 'reversal'];

/** The events of a plane for which a flag has a value, in their order. */
function keep(plane: PlaneEvents, flags: readonly boolean[], wanted: boolean): PlaneEvents {
  const isKept = (_: unknown, index: number): boolean => flags[index] === wanted;
  return {
    plane: plane.plane,
    events: plane.events.filter(isKept),
    anchors: plane.anchors.filter(isKept),
    earliest: plane.earliest.filter(isKept),
    latest: plane.latest.filter(isKept),
    knownFrom: plane.knownFrom.filter(isKept),
    looks: plane.looks.filter(isKept),
  };
}
