// Arrays in PostgreSQL's binary format, as parameters: in the text format all is printed here and read there, and JSON,
// which is full of quotes, escaped besides.

interface ElementType {
  /** Its object id. */
  readonly oid: number;
  readonly bytes: number;
}

const UUID: ElementType = { oid: 2950, bytes: 16 };
const INTEGER: ElementType = { oid: 23, bytes: 4 };
const BIGINT: ElementType = { oid: 20, bytes: 8 };
const DOUBLE: ElementType = { oid: 701, bytes: 8 };
const TEXT_OID = 25;

const EMPTY_HEADER_BYTES = 12;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/** A `text[]`. A text may be given as its UTF-8. */
export function textArray(values: readonly (string | Uint8Array)[]): Buffer {
  const lengths = values.map((value) => Buffer.byteLength(value));
  const bytes = lengths.reduce((total, length) => total + length, 0);
  const array = arrayOf(TEXT_OID, values.length, bytes);
  values.reduce((at, value, index) => {
    const offset = array.writeInt32BE(lengths[index] ?? 0, at);
    if (typeof value === 'string') return offset + array.write(value, offset);
    array.set(value, offset);
    return offset + value.length;
  }, HEADER_BYTES);
  return array;
}

/** A `uuid[]`. Throws a TypeError for what is no UUID. */
export const uuidArray = (values: readonly string[]): Buffer =>
  arrayOfEqual(UUID, values, (array, value, at) => {
    if (array.write(value.replaceAll('-', ''), at, UUID.bytes, 'hex') < UUID.bytes)
      throw new TypeError(`"${value}" is no UUID.`);
  });

/** An `integer[]`. */
export const integerArray = (values: readonly (number | null)[]): Buffer =>
  arrayOfEqual(INTEGER, values, (array, value, at) => array.writeInt32BE(value, at));

/** A `bigint[]`. */
export const bigintArray = (values: readonly (number | bigint | null)[]): Buffer =>
  arrayOfEqual(BIGINT, values, (array, value, at) => array.writeBigInt64BE(BigInt(value), at));

/** A `double precision[]`. */
export const doubleArray = (values: readonly number[]): Buffer =>
  arrayOfEqual(DOUBLE, values, (array, value, at) => array.writeDoubleBE(value, at));

/** An array of elements that are equally long, or null. */
function arrayOfEqual<Value>(
  { oid, bytes }: ElementType,
  values: readonly (Value | null)[],
  write: (array: Buffer, value: Value, at: number) => void,
): Buffer {
  const array = arrayOf(oid, values.length, values.length * bytes);
  const end = values.reduce((at, value) => {
    const offset = array.writeInt32BE(value === null ? NULL_LENGTH : bytes, at);
    if (value === null) return offset;
    write(array, value, offset);
    return offset + bytes;
  }, HEADER_BYTES);
  return array.subarray(0, end);
}

/** A buffer for an array with a number of bytes of elements, which begin after the header. */
function arrayOf(oid: number, count: number, bytes: number): Buffer {
  const isEmpty = count === 0;
  const array = Buffer.allocUnsafe(isEmpty ? EMPTY_HEADER_BYTES : HEADER_BYTES + count * LENGTH_BYTES + bytes);
  // No dimension, or one; there may be nulls; so many elements, counted from 1.
  const header = isEmpty ? [0, 0, oid] : [1, 1, oid, count, 1];
  header.reduce((at, field) => array.writeInt32BE(field, at), 0);
  return array;
}
