/** A line of a file, without its newline. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** The longest line that is read. An entry can be longer than a bundle holds, never as long as this. */
export const EXPORT_LINE_LIMIT_BYTES = 16 * 1_048_576;

/** The file cannot be read as lines from here on. */
export class LineFaultError extends Error {
  override readonly name = 'LineFaultError';
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

const NEWLINE = 0x0a;

/**
 * Splits chunks of bytes into lines; those that a chunk completes are yielded together.
 *
 * Keeps no more than a chunk and a line. Throws {@link LineFaultError} for a line that is too long, and for a last line
 * without its newline, since what was cut off there cannot be known.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<readonly Line[]> {
  let number = 0;
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const rest = chunk.subarray(start, end);
      lines.push({ number: (number += 1), bytes: begun.length === 0 ? rest : Buffer.concat([...begun, rest]) });
      begun = [];
      begunBytes = 0;
      start = end + 1;
    }
    yield lines;
    if (start === chunk.length) continue;
    begun.push(chunk.subarray(start));
    begunBytes += chunk.length - start;
    if (begunBytes > EXPORT_LINE_LIMIT_BYTES)
      throw new LineFaultError(number + 1, `The line is longer than ${EXPORT_LINE_LIMIT_BYTES} bytes.`);
  }
  if (begun.length > 0) throw new LineFaultError(number + 1, 'The file ends within a line.');
}
