/** The length of a line of an import at most, in bytes. */
export const IMPORT_LINE_LIMIT_BYTES = 1_048_576;

const NEWLINE = 10;

/** One line of input, counted from 1; `bytes` is undefined where the line is over the limit. */
export interface InputLine {
  readonly line: number;
  readonly bytes: Buffer | undefined;
}

/**
 * Splits a stream of bytes into lines; blank ones are counted and left out. What is over the limit is never held whole.
 *
 * A byte order mark before a line is passed over (RFC 8259, section 8.1): files that have one may have been joined.
 */
export async function* splitInputLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let line = 1;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length <= IMPORT_LINE_LIMIT_BYTES) parts.push(part);
    else parts = [];
  };
  const ended = (): InputLine | undefined => {
    const bytes = length > IMPORT_LINE_LIMIT_BYTES ? undefined : withoutMark(Buffer.concat(parts));
    const isBlank = bytes !== undefined && isBlankText(bytes);
    parts = [];
    length = 0;
    line += 1;
    return isBlank ? undefined : { line: line - 1, bytes };
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      take(bytes.subarray(start, end));
      start = end + 1;
      const whole = ended();
      if (whole) yield whole;
    }
    // A copy: the sender may use its buffer again before the line is whole.
    if (start < bytes.length) take(Buffer.from(bytes.subarray(start)));
  }
  const last = length > 0 ? ended() : undefined;
  if (last) yield last;
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const withoutMark = (bytes: Buffer): Buffer =>
  bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;

const BLANK = new Set([9, 13, 32]);

const isBlankText = (bytes: Buffer): boolean => bytes.every((byte) => BLANK.has(byte));
