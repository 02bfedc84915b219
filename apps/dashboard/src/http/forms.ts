import { type Address, COORDINATE_PARAMETERS, type Changes, linkWith } from './address.js';
import { type Point, readPoint } from '../words/points.js';

/** A typed time of which it has to be asked what is meant. */
export interface TimeQuestion {
  readonly kind: 'question';
  readonly parameter: string;
  readonly point: Exclude<Point, { readonly kind: 'read' }> | { readonly kind: 'misplaced'; readonly position: string };
}

/** What the typed times of an address come to: nothing to do, a better address, or a question to the reader. */
export type TypedTimes = { readonly kind: 'exact' } | { readonly kind: 'redirect'; readonly to: string } | TimeQuestion;

const SIDES = ['', 'from.', 'to.'];
const NAMES = [...SIDES.flatMap((side) => COORDINATE_PARAMETERS.map((name) => `${side}${name}`)), 'from', 'to'];

/** Reads times that a person typed into the form ("8 July 2025") and gives the address that says the same exactly. */
export function readTypedTimes(address: Address, today: string): TypedTimes {
  const changes: Record<string, string | undefined> = {};
  for (const name of NAMES) {
    const typed = address.parameters.get(name);
    if (typed === undefined || isExact(name, typed)) continue;
    const point = readPoint(typed, today);
    if (point.kind !== 'read') return { kind: 'question', parameter: name, point };
    const moved = isPosition(point.value) ? movePosition(address, name, point.value) : { [name]: point.value };
    if (moved === undefined)
      return { kind: 'question', parameter: name, point: { kind: 'misplaced', position: point.value } };
    Object.assign(changes, moved);
  }
  return Object.keys(changes).length === 0 ? { kind: 'exact' } : { kind: 'redirect', to: linkWith(address, changes) };
}

const isPosition = (text: string): boolean => /^@\d+$/.test(text);

const isRecorded = (name: string): boolean => name.endsWith('recordedAt');

const isExact = (name: string, text: string): boolean =>
  isPosition(text) ? isRecorded(name) : /^(?:\d{13}|\d{4}-\d\d-\d\d(?:T.*)?)$/.test(text);

/** The parameter by which the same side says as of when something was recorded. */
const recordedOf = (name: string): string =>
  /^(?:from|to)$/.test(name) ? `${name}.recordedAt` : name.replace(/(?:known|valid)At$/, 'recordedAt');

/**
 * A position is a time of recording. Typed where a day of knowledge is asked for, it means all that was known when the
 * log ended there; undefined where it says nothing of the kind, or contradicts another position.
 */
function movePosition({ parameters }: Address, name: string, position: string): Changes | undefined {
  const recorded = recordedOf(name);
  if (name.endsWith('validAt') || (parameters.get(recorded) ?? position) !== position) return undefined;
  return { [name]: undefined, [recorded]: position };
}

/** The address with a position where it belongs. */
export const placePosition = (address: Address, parameter: string, position: string): string =>
  linkWith(address, { [parameter]: undefined, [recordedOf(parameter)]: position });
