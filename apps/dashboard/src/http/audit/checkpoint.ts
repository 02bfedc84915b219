/** A signed checkpoint of the log, read from its note (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  /** The number of entries. */
  readonly size: number;
  /** The root of the tree over them, in base64, as `ptl verify` prints it. */
  readonly root: string;
  /** The first digits of the root, in hexadecimal: enough to tell two trees apart by eye. */
  readonly digits: string;
}

const DIGITS_SHOWN = 12;

/** Reads the first lines of a checkpoint; its signature is for others to verify. Undefined if it is none. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const [origin = '', size = '', root = ''] = note.split('\n');
  if (!/^\d{1,15}$/.test(size) || !/^[0-9A-Za-z+/]{43}=$/.test(root)) return undefined;
  return { origin, size: Number(size), root, digits: hexOfBase64(root).slice(0, DIGITS_SHOWN) };
}

/** A hash in base64 as people compare it: in hexadecimal. */
export const hexOfBase64 = (text: string): string =>
  Array.from(atob(text), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
