import { type Instant, type Position, instant, position } from '#domain';

/** The resume point of a client of events: the last position received. */
export type EventPoint = Position;

/** The resume point of a client of patches: position and instant of the last coordinate received. */
export interface PatchPoint {
  readonly position: Position;
  readonly instant: Instant;
}

const A_POSITION = /^\d{1,15}$/;
const A_COORDINATE = /^(\d{1,15})\.(-?\d{1,15})$/;

/** Reads the id of an event; undefined for any other text. */
export const readEventPoint = (text: string): EventPoint | undefined =>
  A_POSITION.test(text) ? position(Number(text)) : undefined;

/** Reads the id of a patch; `0` is before everything. Undefined for any other text. */
export function readPatchPoint(text: string): PatchPoint | undefined {
  if (/^0+$/.test(text)) return { position: position(0), instant: instant(0) };
  const [, place, at] = A_COORDINATE.exec(text) ?? [];
  return place === undefined || at === undefined
    ? undefined
    : { position: position(Number(place)), instant: instant(Number(at)) };
}

/** Writes the id of a patch. */
export const patchId = ({ position: place, instant: at }: PatchPoint): string => `${place}.${at}`;
