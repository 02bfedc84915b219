import type { Instant, Position } from '#domain';
import type { Coordinate } from '#temporal';

/** From where somebody watches states: times that are given stay as they are, the others go with the clock. */
export interface Viewpoint {
  readonly knownAt?: Instant;
  readonly validAt?: Instant;
}

/** The coordinate that is seen from a viewpoint at a position and an instant. */
export function coordinateFrom(
  { knownAt, validAt }: Viewpoint,
  { position, instant }: { readonly position: Position; readonly instant: Instant },
): Coordinate {
  const known = knownAt ?? instant;
  return { recorded: position, knownAt: known, validAt: validAt ?? known };
}

/** True when time alone can change what is seen. */
export const goesWithClock = ({ knownAt }: Viewpoint): boolean => knownAt === undefined;
