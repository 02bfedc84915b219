/** A scale of values from bottom to top, with round numbers at its ticks. */
export interface ValueScale {
  readonly ticks: readonly number[];
  /** Pixels from the top; infinite values lie on the edge. */
  readonly placeOf: (value: number) => number;
}

/** Pixels of a plot that values are drawn in. */
export interface ValueExtent {
  readonly top: number;
  readonly bottom: number;
}

const TICKS = 4;

/** The scale that holds all values given; it begins at zero unless they all are far from it. */
export function scaleValues(values: readonly number[], { top, bottom }: ValueExtent): ValueScale {
  const finite = values.filter(Number.isFinite);
  const [least, most] = rangeOf(finite);
  const step = roundStep((most - least) / TICKS);
  const [first, last] = [Math.floor(least / step), Math.ceil(most / step)];
  const span = (last - first) * step;
  const placeOf = (value: number): number => bottom - ((value - first * step) / span) * (bottom - top);
  return {
    // Counted, not added up: sums of 0.1 do not end at 1.
    ticks: Array.from({ length: last - first + 1 }, (_, index) => roundOff((first + index) * step)),
    placeOf: (value) => Math.min(Math.max(placeOf(value), top), bottom),
  };
}

const FAR_FROM_ZERO = 0.5;

// Below it steps cannot be told from zero.
const LEAST = 1e-200;

function rangeOf(values: readonly number[]): readonly [least: number, most: number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (values.length === 0 || Math.max(-least, most) < LEAST) return [0, 1];
  if (least > 0) return [least < most * FAR_FROM_ZERO || least === most ? 0 : least, most];
  if (most < 0) return [least, most > least * FAR_FROM_ZERO || least === most ? 0 : most];
  return [least, most];
}

/** The least of 1, 2, 5, 10, 20, … that is not below a step. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5].find((each) => step <= each * power) ?? 10;
  return factor * power;
}

const roundOff = (value: number): number => Number(value.toPrecision(12));
