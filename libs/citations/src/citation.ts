import { createHash } from 'node:crypto';

/** The three times that a cited answer holds at; instants are RFC 3339 in UTC. */
export interface CitedPoint {
  readonly recorded: number;
  /** When that position was recorded; null before the first. */
  readonly recordedAt: string | null;
  readonly knownAt: string;
  readonly validAt: string;
}

/** What is cited: the answer at a pinned address, by its hash, and the log from which it follows. */
export interface CitedAnswer {
  /** Path and query, pinned on all three times. */
  readonly address: string;
  readonly title: string;
  /** SHA-256 in hexadecimal. */
  readonly answerSha256: string;
  /** Version of the rules by which facts followed from events. */
  readonly fold: number;
  /** Root hash, in base64, of the tree of the log at `size`. */
  readonly root: string;
  readonly size: number;
  /** One point, or both sides of a comparison. */
  readonly points: readonly CitedPoint[];
}

/** An answer that was cited, under an id that never changes. */
export interface Citation extends CitedAnswer {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly citedAt: number;
}

/** The letters of Crockford's base 32: none can be taken for another when an id is copied from paper. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** 80 bits: the chance that two of a thousand million addresses share an id is below one in a million. */
const ID_LENGTH = 16;

/** The id of the citation of an address: the same address has the same id in every installation. */
export function citationIdOf(address: string): string {
  const hash = createHash('sha256').update(address).digest();
  let bits = 0n;
  for (const byte of hash) bits = (bits << 8n) | BigInt(byte);
  const letters = Array.from({ length: ID_LENGTH }, (_, index) => {
    const shift = BigInt(hash.length * 8 - (index + 1) * 5);
    return LETTERS[Number((bits >> shift) & 31n)] ?? '';
  });
  return letters.join('');
}

const AN_ID = /^[0-9a-hjkmnp-tv-z]{16}$/;

/** True for a text that could be the id of a citation. */
export const isCitationId = (text: string): boolean => AN_ID.test(text);
