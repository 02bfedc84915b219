import { type Instant, type Position, instant, position } from '#domain';

/** Where a client of events goes on: after a position. */
export type EventPoint = Position;

/** Where a client of patches goes on: the position and instant of the coordinate that it was shown last. */
export interface PatchPoint {
  readonly position: Position;
  readonly instant: Instant;
}

const A_POSITION = /^\d{1,15}$/;
const A_COORDINATE = /^(\d{1,15})\.(-?\d{1,15})$/;

/** Reads the id of an event; undefined when it is none. */
export const readEventPoint = (text: string): EventPoint | undefined =>
  A_POSITION.test(text) ? position(Number(text)) : undefined;

/** Reads the id of a patch; `0` is before everything. Undefined when it is none. */
export function readPatchPoint(text: string): PatchPoint | undefined {
  if (/^0+$/.test(text)) return { position: position(0), instant: instant(0) };
  const [, place, at] = A_COORDINATE.exec(text) ?? [];
  return place === undefined || at === undefined
    ? undefined
    : { position: position(Number(place)), instant: instant(Number(at)) };
}

/** Writes the id of a patch. */
export const patchId = ({ position: place, instant: at }: PatchPoint): string => `${place}.${at}`;
