import type { PlaneEvents, PreparedLane } from './prepare-lanes.js';

/** Lanes with what was published after an instant in planes of its own. Done at every step through time, so it only copies. */
export const partLater = (lanes: readonly PreparedLane[], knownAt: number): readonly PreparedLane[] =>
  lanes.map((lane) => ({ ...lane, planes: lane.planes.flatMap((plane) => partPlane(plane, knownAt)) }));

function partPlane(plane: PlaneEvents, knownAt: number): readonly PlaneEvents[] {
  const { length } = plane.knownFrom;
  const [known, later] = [new Uint32Array(length), new Uint32Array(length)];
  let [before, after] = [0, 0];
  for (let index = 0; index < length; index += 1)
    if ((plane.knownFrom[index] ?? -Infinity) > knownAt) later[after++] = index;
    else known[before++] = index;
  if (after === 0) return [plane];
  const parted = { ...keep(plane, later.subarray(0, after)), plane: `later ${nameOf(plane)}` as const };
  return before === 0 ? [parted] : [keep(plane, known.subarray(0, before)), parted];
}

type PlaneName = Exclude<PlaneEvents['plane'], `later ${string}`>;

/** A plane that was parted before is parted by its own name again. */
const nameOf = ({ plane }: PlaneEvents): PlaneName => NAMES.find((name) => plane.endsWith(name)) ?? 'event';

const NAMES: readonly PlaneName[] = ['event', 'correction', 'conflict', 'reversal'];

/** The events at some places of a plane, in their order. */
function keep(plane: PlaneEvents, places: Uint32Array): PlaneEvents {
  const numbers = (column: Float64Array): Float64Array => {
    const kept = new Float64Array(places.length);
    for (let index = 0; index < kept.length; index += 1) kept[index] = column[places[index] ?? 0] ?? 0;
    return kept;
  };
  return {
    plane: plane.plane,
    events: Array.from(places, (place) => plane.events[place]).filter((event) => event !== undefined),
    anchors: numbers(plane.anchors),
    earliest: numbers(plane.earliest),
    latest: numbers(plane.latest),
    knownFrom: numbers(plane.knownFrom),
    looks: Uint16Array.from(places, (place) => plane.looks[place] ?? 0),
  };
}
