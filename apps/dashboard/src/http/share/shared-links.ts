import type { OpenPage } from '../../pages/page.js';
import { type Address, COORDINATE_PARAMETERS, type Changes, linkWith } from '../address.js';
import type { Coordinate } from '../answers.js';
import { SIDES, type Side, namesOfSide } from '../compare/difference-answers.js';

/** The paths and queries by which others see what a page shows. */
export interface SharedLinks {
  /** Shows the same for ever. */
  readonly pinned: string;
  /** Moves on with what is known; a comparison has none. */
  readonly newest: string | undefined;
  /** The pinned page without what surrounds it. */
  readonly embed: string;
}

/** The links to what a page shows; nothing for pages that are about no coordinate. */
export function sharedLinks(
  { path, parameters }: Pick<Address, 'path' | 'parameters'>,
  { coordinate, compared }: Pick<OpenPage, 'coordinate' | 'compared'>,
): SharedLinks | undefined {
  const link = (changes: Changes, isEmbedded = false): string =>
    linkWith({ path, parameters, isEmbedded }, { live: undefined, ...changes });
  if (compared !== undefined) {
    const pin = Object.fromEntries(SIDES.flatMap((side) => pinSide(side, compared[side])));
    return { pinned: link(pin), newest: undefined, embed: link(pin, true) };
  }
  if (coordinate === undefined) return undefined;
  const pin = pinOf(coordinate);
  const loose = Object.fromEntries([...COORDINATE_PARAMETERS, 'cursor'].map((name) => [name, undefined]));
  return { pinned: link(pin), newest: link(loose), embed: link(pin, true) };
}

const pinOf = ({ recordedAt, knownAt, validAt }: Coordinate): Changes => ({
  recordedAt: `@${recordedAt.position}`,
  knownAt,
  validAt,
});

function pinSide(side: Side, coordinate: Coordinate): readonly (readonly [string, string | undefined])[] {
  const none = namesOfSide(side).map((name) => [name, undefined] as const);
  return [...none, ...Object.entries(pinOf(coordinate)).map(([name, value]) => [`${side}.${name}`, value] as const)];
}
