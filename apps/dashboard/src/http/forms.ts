import { type Address, COORDINATE_PARAMETERS, linkWith } from './address.js';
import { type Point, readPoint } from '../words/points.js';

/** What the typed times of an address come to: nothing to do, a better address, or a question to the reader. */
export type TypedTimes =
  | { readonly kind: 'exact' }
  | { readonly kind: 'redirect'; readonly to: string }
  | {
      readonly kind: 'question';
      readonly parameter: string;
      readonly point: Exclude<Point, { readonly kind: 'read' }>;
    };

const NAMES = ['', 'from.', 'to.'].flatMap((side) => COORDINATE_PARAMETERS.map((name) => `${side}${name}`));

/** Reads times that a person typed into the form ("8 July 2025") and gives the address that says the same exactly. */
export function readTypedTimes(address: Address, today: string): TypedTimes {
  const changes: Record<string, string> = {};
  for (const name of [...NAMES, 'from', 'to']) {
    const typed = address.parameters.get(name);
    if (typed === undefined || isExact(typed)) continue;
    const point = readPoint(typed, today);
    if (point.kind !== 'read') return { kind: 'question', parameter: name, point };
    changes[name] = point.value;
  }
  return Object.keys(changes).length === 0 ? { kind: 'exact' } : { kind: 'redirect', to: linkWith(address, changes) };
}

const isExact = (text: string): boolean => /^(?:@\d+|\d{13}|\d{4}-\d\d-\d\d(?:T.*)?)$/.test(text);
