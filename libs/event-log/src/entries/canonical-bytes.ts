/** Deeper than this is for a closer look. */
const DEPTH_LIMIT = 32;

/** Longer numbers are for a closer look: not every integer beyond 2^53 is printed as it is written. */
const DIGITS_LIMIT = 15;

const UNSURE = -1;

const [QUOTE, COMMA, MINUS, ZERO, NINE, COLON, BACKSLASH] = [0x22, 0x2c, 0x2d, 0x30, 0x39, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [SPACE, LAST_ASCII] = [0x20, 0x7f];

/** The characters that RFC 8785 writes behind a backslash, but for \u. */
const ESCAPED = new Set(Buffer.from('"\\bfnrt'));

const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/**
 * True only for the canonical form (RFC 8785) of a JSON object, where the bytes are well-formed UTF-8.
 *
 * One pass that makes nothing. False says nothing: decimal fractions, control characters, names beyond ASCII and the
 * like take a closer look.
 */
export const isPlainlyCanonical = (bytes: Uint8Array): boolean =>
  bytes[0] === OPEN_OBJECT && endOfObject(bytes, 0, 1) === bytes.length;

// Each of these answers where what starts at an index ends, or UNSURE, which is the index of no byte.

function endOfValue(bytes: Uint8Array, at: number, depth: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return endOfString(bytes, at);
    case OPEN_OBJECT:
      return depth < DEPTH_LIMIT ? endOfObject(bytes, at, depth + 1) : UNSURE;
    case OPEN_LIST:
      return depth < DEPTH_LIMIT ? endOfList(bytes, at, depth + 1) : UNSURE;
    default:
      return endOfNumberOrWord(bytes, at);
  }
}

function endOfObject(bytes: Uint8Array, at: number, depth: number): number {
  if (bytes[at + 1] === CLOSE_OBJECT) return at + 2;
  for (let last = UNSURE, name = at + 1; ;) {
    const colon = endOfName(bytes, name);
    if (bytes[colon] !== COLON || (last !== UNSURE && !comesBefore(bytes, last, name))) return UNSURE;
    const end = endOfValue(bytes, colon + 1, depth);
    if (bytes[end] === CLOSE_OBJECT) return end + 1;
    if (bytes[end] !== COMMA) return UNSURE;
    [last, name] = [name, end + 1];
  }
}

function endOfList(bytes: Uint8Array, at: number, depth: number): number {
  if (bytes[at + 1] === CLOSE_LIST) return at + 2;
  for (let item = at + 1; ;) {
    const end = endOfValue(bytes, item, depth);
    if (bytes[end] === CLOSE_LIST) return end + 1;
    if (bytes[end] !== COMMA) return UNSURE;
    item = end + 1;
  }
}

function endOfString(bytes: Uint8Array, at: number): number {
  for (let next = at + 1; next < bytes.length; next += 1) {
    const byte = bytes[next] ?? 0;
    if (byte === QUOTE) return next + 1;
    if (byte < SPACE) return UNSURE;
    if (byte !== BACKSLASH) continue;
    next += 1;
    if (!ESCAPED.has(bytes[next] ?? 0)) return UNSURE;
  }
  return UNSURE;
}

function endOfName(bytes: Uint8Array, at: number): number {
  const end = bytes[at] === QUOTE ? endOfString(bytes, at) : UNSURE;
  for (let next = at + 1; next < end; next += 1) {
    const byte = bytes[next] ?? 0;
    if (byte === BACKSLASH || byte > LAST_ASCII) return UNSURE;
  }
  return end;
}

/** True when the name that starts at one index comes before the one at another; both are plain. */
function comesBefore(bytes: Uint8Array, one: number, other: number): boolean {
  for (let offset = 1; ; offset += 1) {
    const [byte, against] = [bytes[one + offset] ?? QUOTE, bytes[other + offset] ?? QUOTE];
    if (byte !== against) return byte === QUOTE || (against !== QUOTE && byte < against);
    if (byte === QUOTE) return false;
  }
}

function endOfNumberOrWord(bytes: Uint8Array, at: number): number {
  const first = bytes[at] === MINUS ? at + 1 : at;
  let end = first;
  while (isDigit(bytes[end])) end += 1;
  const digits = end - first;
  if (digits === 0) return endOfWord(bytes, at);
  const isPlain = digits <= DIGITS_LIMIT && (bytes[first] !== ZERO || (digits === 1 && first === at));
  return isPlain ? end : UNSURE;
}

function endOfWord(bytes: Uint8Array, at: number): number {
  const word = WORDS.find((one) => one.every((byte, index) => bytes[at + index] === byte));
  return word ? at + word.length : UNSURE;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE;
