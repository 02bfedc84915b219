import type { Coordinate } from '../answers.js';

/** The query of what reads otherwise by now, about the same day, than at a coordinate. */
export const querySince = ({ knownAt, validAt, recordedAt }: Coordinate): string =>
  new URLSearchParams({
    'from.knownAt': knownAt,
    'from.validAt': validAt,
    'from.recordedAt': `@${recordedAt.position}`,
    'to.validAt': validAt,
  }).toString();
