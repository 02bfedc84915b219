import type { Citation, Citations } from '#citations';
import { instant, position } from '#domain';
import type { CitedPlace, FindCited } from '#projections';

/** So many citations are looked at for one answer. */
const MOST_CITED = 50;

/** Finds the citations of answers about policies or events. */
export const findCitedIn =
  (citations: Pick<Citations, 'about'>): FindCited =>
  async (names) =>
    (await citations.about(names, MOST_CITED)).map(placeOf);

const A_STATE = /^(?:\/v1)?\/policies\/([^/?]+)(?=\?|$)/;

const placeOf = ({ id, title, address, points }: Citation): CitedPlace => ({
  id,
  title,
  address,
  stateOf: A_STATE.exec(address)?.[1],
  points: points.map(({ recorded, knownAt, validAt }) => ({
    recorded: position(recorded),
    knownAt: instant(Date.parse(knownAt)),
    validAt: instant(Date.parse(validAt)),
  })),
});
