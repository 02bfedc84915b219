import { type EntryValue, canonicalJson, parseJson } from '#event-log/canonical';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads bytes that must be exactly the canonical form (RFC 8785) of one JSON value in UTF-8.
 *
 * There is one such text a value, so whoever reads what was hashed reads the same: no member twice, no other order, no
 * white space, no other way to write a number or a letter, no half of a surrogate pair.
 */
export function readCanonical(bytes: Uint8Array): ParseResult<EntryValue> {
  const text = textOf(bytes);
  if (text === undefined) return unreadable('The bytes are not UTF-8.');
  const parsed = parseJson(text);
  if (!parsed.ok) return unreadable(parsed.message);
  const canonical = canonicalOf(parsed.value);
  if (canonical === text) return read(parsed.value);
  return unreadable(
    canonical === undefined
      ? NOT_CANONICAL
      : `Not in canonical form from character ${firstDifference(text, canonical) + 1} on.`,
  );
}

/** Reads bytes that are one JSON value in UTF-8 in any form, strictly: no member twice, no half of a surrogate pair. */
export function readStrictJson(bytes: Uint8Array): ParseResult<EntryValue> {
  const text = textOf(bytes);
  if (text === undefined) return unreadable('The bytes are not UTF-8.');
  const parsed = parseJson(text);
  if (!parsed.ok) return unreadable(parsed.message);
  return canonicalOf(parsed.value) === undefined ? unreadable(NOT_CANONICAL) : read(parsed.value);
}

const NOT_CANONICAL = 'The value has no canonical form: a number out of range or half of a surrogate pair.';

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

function canonicalOf(value: EntryValue): string | undefined {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}
