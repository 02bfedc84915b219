/** The stretch of wall time that a plot shows, and the pixels it has for it. */
export interface TimeWindow {
  readonly from: number;
  /** Later than `from`; both are finite. */
  readonly to: number;
  readonly width: number;
}

/** The place of a wall time in a window, in pixels from its left edge; outside it too. */
export const placeOf = ({ from, to, width }: TimeWindow, wall: number): number => ((wall - from) / (to - from)) * width;

/** The wall time at a place: the inverse of {@link placeOf}. */
export const wallAt = ({ from, to, width }: TimeWindow, place: number): number => from + (place / width) * (to - from);
