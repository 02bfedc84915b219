import type { EntryValue } from '../port.js';

/**
 * The canonical form of a JSON value: RFC 8785 (JSON Canonicalization Scheme).
 *
 * Stricter than JSON.stringify: throws a TypeError for what a ledger must not hold — undefined, functions, NaN,
 * infinities, lone surrogates, and every object that is neither plain nor an array, such as a Date or a Map.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalText(value);
  // Array.from visits holes too, which map would leave out of the text.
  if (Array.isArray(value)) return `[${Array.from<unknown, string>(value, (item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) return canonicalObject(value);
  throw new TypeError(
    `${typeof value === 'object' ? 'This object' : `A value of type ${typeof value}`} has no JSON form.`,
  );
}

/**
 * True for an object literal and for an object without prototype, of this realm or another: the prototype of a Date, a
 * Map or an instance of a class has one of its own.
 */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** RFC 8785, section 3.2.3: members in order of their names' UTF-16 code units, which is how sort compares. */
const canonicalObject = (value: object): string =>
  `{${Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]: [string, unknown]) => `${canonicalText(name)}:${canonicalJson(member)}`)
    .join(',')}}`;

/** RFC 8785, section 3.2.2.3: as ECMAScript prints numbers. */
function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form.`);
  return JSON.stringify(value);
}

function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('Half of a surrogate pair has no canonical form.');
  return JSON.stringify(text);
}

/** True when two values have the same canonical form. */
export const sameJson = (one: EntryValue, other: EntryValue): boolean => canonicalJson(one) === canonicalJson(other);
