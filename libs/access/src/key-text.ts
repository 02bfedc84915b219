import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(DIGITS.length);

/** 10 digits, 59 bits: enough to tell the keys of one service apart; it is no secret. */
const ID_DIGITS = 10;
const ID_BYTES = 8;

/** 32 bytes need 43 digits, and a sum of 32 bits needs 6. */
const SECRET_BYTES = 32;
const SECRET_DIGITS = 43;
const SUM_DIGITS = 6;

const A_KEY = new RegExp(`^ptl_([${'0-9A-Za-z'}]{${ID_DIGITS}})_[0-9A-Za-z]{${SECRET_DIGITS + SUM_DIGITS}}$`);

/** A key as it is handed out once: all of it, and the part that names it. */
export interface KeyText {
  readonly id: string;
  readonly key: string;
}

/**
 * Writes a new key: `ptl_<id>_<32 bytes><sum>`, in digits of base 62.
 *
 * `random` answers as many random bytes as it is asked for. The sum (CRC-32 of what precedes it) tells a mistyped key
 * from an unknown one, and a scanner for leaked keys a key from other text.
 */
export function writeKey(random: (bytes: number) => Uint8Array): KeyText {
  const id = inDigits(random(ID_BYTES), ID_DIGITS);
  const text = `ptl_${id}_${inDigits(random(SECRET_BYTES), SECRET_DIGITS)}`;
  return { id, key: text + sumOf(text) };
}

/** The id in a key of this form; undefined for any other text, and for a key that was mistyped. */
export function keyIdIn(text: string): string | undefined {
  const [, id] = A_KEY.exec(text) ?? [];
  const isWhole = sumOf(text.slice(0, -SUM_DIGITS)) === text.slice(-SUM_DIGITS);
  return isWhole ? id : undefined;
}

/** The SHA-256 of a key, or of the secret of a session: all that is kept of it. Its 256 random bits need no slower hash. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/**
 * Anything that could be a key of this form inside other text, whole or cut off, also percent-encoded; or a signed JSON
 * Web Token, two of whose parts are JSON objects.
 */
const IN_TEXT = /ptl(?:_|%5f)[0-9A-Za-z]{10}(?:_|%5f)[0-9A-Za-z]+|eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/gi;

/** True for text that contains a key or a token, or what looks like one. */
export const containsKey = (text: string): boolean => text.search(IN_TEXT) >= 0;

/** The text without the secrets of keys and tokens in it. */
export const redactKeys = (text: string): string => text.replaceAll(IN_TEXT, 'ptl_redacted');

const sumOf = (text: string): string => inDigits(uint32(crc32(text)), SUM_DIGITS);

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The last digits, in base 62, of a number that is given by its bytes. */
function inDigits(bytes: Uint8Array, count: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (let digit = 0; digit < count; digit += 1) {
    text = (DIGITS[Number(rest % BASE)] ?? '') + text;
    rest /= BASE;
  }
  return text;
}
