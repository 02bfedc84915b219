const ENCODER = new TextEncoder();

/** The bytes of a text in UTF-8. */
export const utf8 = (text: string): Uint8Array => ENCODER.encode(text);

/** Some bytes after others. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Bytes in hex, lower case. */
export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The bytes that hex digits, two a byte, stand for. */
export const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The value of each digit by its character code; what is no digit has 64. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = DIGITS.indexOf(String.fromCharCode(code));
  return value < 0 ? DIGITS.length : value;
});

/** Bytes in base64 (RFC 4648, section 4). */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += digitAt(bits, 18) + digitAt(bits, 12) + digitAt(bits, 6) + digitAt(bits, 0);
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  return missing === 0 ? text : text.slice(0, -missing) + '='.repeat(missing);
}

const digitAt = (bits: number, shift: number): string => DIGITS.charAt((bits >> shift) & 63);

/** Base64 (RFC 4648, section 4) read strictly: undefined unless it is exactly how the bytes are written. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const missing = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (text.length % 4 !== 0) return undefined;
  const bytes = new Uint8Array((text.length / 4) * 3);
  const digits = text.length - missing;
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    let bits = 0;
    for (let place = at; place < at + 4; place += 1) {
      const value = place < digits ? (VALUES[text.charCodeAt(place)] ?? DIGITS.length) : 0;
      if (value === DIGITS.length) return undefined;
      bits = (bits << 6) | value;
    }
    bytes[to] = bits >> 16;
    bytes[to + 1] = bits >> 8;
    bytes[to + 2] = bits;
  }
  const hasStrayBits = missing > 0 && bytes.subarray(bytes.length - missing).some((byte) => byte !== 0);
  return hasStrayBits ? undefined : bytes.subarray(0, bytes.length - missing);
}
