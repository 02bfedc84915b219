import { type Address, COORDINATE_PARAMETERS, type Changes, writeQuery } from '../address.js';
import type { AboutAnswer, Coordinate } from '../answers.js';

/** One field whose value differs between two coordinates, and why. */
export interface FieldChange {
  readonly policy: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly why: string;
  /** The keys of the events behind the two values. */
  readonly events: readonly string[];
  /** The keys of the events that made the difference. */
  readonly causes: readonly string[];
}

/** What differs between two coordinates. */
export interface DifferenceOf {
  readonly from: Coordinate;
  readonly to: Coordinate;
  readonly changes: readonly FieldChange[];
  /** The keys of the events that are in force at the second coordinate alone. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly permalink: string;
  readonly meta: AboutAnswer;
}

/** The two sides of a comparison. */
export const SIDES = ['from', 'to'] as const;

/** One of the two sides of a comparison. */
export type Side = (typeof SIDES)[number];

/** The parameters that choose a side; the first is short for the second. */
export const namesOfSide = (side: Side): readonly string[] => [
  side,
  ...COORDINATE_PARAMETERS.map((name) => `${side}.${name}`),
];

/** True if the address says anything about a side. */
export const hasSide = ({ parameters }: Address, side: Side): boolean =>
  namesOfSide(side).some((name) => parameters.has(name));

/** The address of the differences between the two sides; other parameters of the page are its own. */
export function differenceAt({ path, parameters }: Address): string {
  const names = SIDES.flatMap(namesOfSide);
  return `/v1${path}${writeQuery(new Map([...parameters].filter(([name]) => names.includes(name))))}`;
}

/** The parameters of a side as those of a page at one coordinate, so that its links show what that side saw. */
export function coordinateOfSide({ parameters }: Address, side: Side): Changes {
  const given = COORDINATE_PARAMETERS.map((name) => [name, parameters.get(`${side}.${name}`)] as const);
  const { knownAt, ...others }: Changes = Object.fromEntries(given);
  return { knownAt: parameters.get(side) ?? knownAt, ...others };
}

/** The parameters that exchange the two sides. */
export function swapSides({ parameters }: Address): Changes {
  const other = { from: 'to', to: 'from' } as const;
  return Object.fromEntries(
    SIDES.flatMap((side) =>
      namesOfSide(side).map((name) => [name, parameters.get(name.replace(side, other[side]))] as const),
    ),
  );
}
