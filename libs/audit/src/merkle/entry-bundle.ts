import { leafHash } from './merkle.js';
import { type Hash, sameHash } from './tree-hashes.js';
import { TILE_WIDTH } from './tiles.js';

/** The longest entry that a bundle can hold: its length is before it in two bytes. */
export const BUNDLED_ENTRY_LIMIT_BYTES = 65_535;

const LENGTH_BYTES = 2;

/**
 * An entry that no bundle can hold.
 *
 * Recording refuses events whose entry would be longer, so this takes an entry that came into the log another way. Tree,
 * proofs and exports hold entries of any length; only the one bundle cannot be served, and a shortened one would not
 * hash to its leaf.
 */
export class EntryTooLongError extends Error {
  override readonly name = 'EntryTooLongError';
  constructor(readonly index: number) {
    super(`Entry ${index} of the bundle takes more than the ${BUNDLED_ENTRY_LIMIT_BYTES} bytes that a bundle can say.`);
  }
}

/** A bundle as it is served: each entry after its length, a big-endian uint16. Throws {@link EntryTooLongError}. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry, index) => {
      if (entry.length > BUNDLED_ENTRY_LIMIT_BYTES) throw new EntryTooLongError(index);
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** The entries of a bundle; undefined where the bytes end within one, or hold none or more than 256. */
export function decodeBundle(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + LENGTH_BYTES;
    if (start > bytes.length || entries.length === TILE_WIDTH) return undefined;
    at = start + view.getUint16(start - LENGTH_BYTES);
    if (at > bytes.length) return undefined;
    entries.push(bytes.subarray(start, at));
  }
  return entries.length === 0 ? undefined : entries;
}

/** True when a bundle's entries are those of the level 0 tile, no more and no fewer. */
export const isBundleUnder = (tile: readonly Hash[], entries: readonly Uint8Array[]): boolean =>
  tile.length === entries.length &&
  tile.every((hash, index) => {
    const entry = entries[index];
    return entry !== undefined && sameHash(leafHash(entry), hash);
  });
