/** An axis of the plane: wall time to pixels. What lies outside it is placed on its edge. */
export interface PlaneAxis {
  readonly from: number;
  readonly to: number;
  readonly length: number;
  readonly placeOf: (wall: number) => number;
  /** The wall times at which it changes its scale, in order; none where time runs evenly. */
  readonly bends: readonly number[];
}

/** The stretch of wall time, finite, and the pixels of an axis. */
export interface AxisExtent {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** An axis on which time runs evenly. */
export const axisOfTime = ({ from, to, length }: AxisExtent): PlaneAxis => ({
  from,
  to,
  length,
  bends: [],
  placeOf: (wall) => (Math.min(Math.max(wall, from), to) - from) * (length / (to - from)),
});

/** An axis on which each wall time given is one step, however long it took. Years of silence and busy days are as wide. */
export function axisOfSteps(walls: readonly number[], { from, to, length }: AxisExtent): PlaneAxis {
  const inside = [...new Set(walls.filter((wall) => from < wall && wall < to))].sort((one, other) => one - other);
  const stops = [from, ...inside, to];
  const step = length / (stops.length - 1);
  const placeOf = (wall: number): number => {
    const at = Math.min(Math.max(wall, from), to);
    const next = stops.findIndex((stop) => stop > at);
    if (next < 0) return length;
    const [start, end] = [stops[next - 1] ?? from, stops[next] ?? to];
    return (next - 1 + (at - start) / (end - start)) * step;
  };
  return { from, to, length, bends: inside, placeOf };
}
