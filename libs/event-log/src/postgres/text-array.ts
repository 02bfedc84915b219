/** The object id of the type `text`. */
const TEXT_OID = 25;

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/**
 * A `text[]` in PostgreSQL's binary format, as a parameter.
 *
 * JSON is full of quotes, and in the text format each of them is escaped here and unescaped there; in the binary one
 * nothing is. A text may be given as its UTF-8.
 */
export function textArray(values: readonly (string | Uint8Array)[]): Buffer {
  const lengths = values.map((value) => Buffer.byteLength(value));
  const array = Buffer.allocUnsafe(lengths.reduce((total, length) => total + LENGTH_BYTES + length, HEADER_BYTES));
  const isEmpty = values.length === 0;
  // One dimension, no nulls, elements of type text, so many of them, counted from 1.
  let offset = [isEmpty ? 0 : 1, 0, TEXT_OID, values.length, 1].reduce((at, field) => array.writeInt32BE(field, at), 0);
  if (isEmpty) return array.subarray(0, HEADER_BYTES - 2 * LENGTH_BYTES);
  values.forEach((value, index) => {
    offset = array.writeInt32BE(lengths[index] ?? 0, offset);
    if (typeof value === 'string') offset += array.write(value, offset);
    else {
      array.set(value, offset);
      offset += value.length;
    }
  });
  return array;
}
