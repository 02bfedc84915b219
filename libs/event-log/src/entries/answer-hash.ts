import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** What an answer says of itself rather than of the record: how it was computed, and where it is. */
const OF_ITSELF: ReadonlySet<string> = new Set(['meta', 'permalink', 'url']);

/**
 * The hash by which an answer is cited: SHA-256, in hexadecimal, over the canonical form (RFC 8785) of the answer without
 * `meta`, `permalink` and `url`; of a list, also without those of items that are answers with a `permalink` of their own.
 *
 * Equal answers have equal hashes, whatever computed them and under whatever origin they were read. Throws a TypeError
 * for what has no JSON form.
 */
export const hashAnswer = (answer: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(contentOfAnswer(answer)))
    .digest('hex');

/** The part of an answer that is hashed: all but what it says of itself. Two answers are equal if these are. */
export function contentOfAnswer(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(itemOf);
  if (!isObject(answer)) return answer;
  const kept = Object.entries(answer).filter(([name]) => !OF_ITSELF.has(name));
  return Object.fromEntries(
    kept.map(([name, value]: [string, unknown]) => [
      name,
      name === 'items' && Array.isArray(value) ? value.map(itemOf) : value,
    ]),
  );
}

/** A source among the items of a list has a `url` that is part of what is said; an answer among them has a permalink. */
const itemOf = (item: unknown): unknown => (isObject(item) && 'permalink' in item ? contentOfAnswer(item) : item);

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
