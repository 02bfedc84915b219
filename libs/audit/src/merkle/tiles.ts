import { joinSubtrees, nodeHash } from './merkle.js';
import { type Hash, HASH_BYTES, isTreeSize, sameHash } from './tree-hashes.js';

/** Hashes in a full tile, and entries in a full bundle. */
export const TILE_WIDTH = 256;

/** The highest level that a tile can name. */
export const HIGHEST_TILE_LEVEL = 63;

/**
 * A tile of the tree: `width` hashes on its level, from `index · 256` on. Hash n of level l is that of the complete
 * subtree over 256^l leaves from `n · 256^l` on.
 */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number;
}

/** The width of a tile in the tree over the first `size` leaves: 0 to 256. */
export function tileWidth({ level, index }: Pick<Tile, 'level' | 'index'>, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.min(TILE_WIDTH, Math.max(0, hashes - index * TILE_WIDTH));
}

/** The tiles that are full once the tree has `to` leaves and were not while it had `from`, level by level, in order. */
export function* listCompletedTiles({ from, to }: { readonly from: number; readonly to: number }): Generator<Tile> {
  if (!isTreeSize(from) || !isTreeSize(to)) throw new RangeError(`${from} and ${to} are to be numbers of leaves.`);
  for (let level = 0, span = TILE_WIDTH; span <= to; level += 1, span *= TILE_WIDTH)
    for (let index = Math.floor(from / span); index < Math.floor(to / span); index += 1)
      yield { level, index, width: TILE_WIDTH };
}

/** The partial tiles of the tree over the first `size` leaves, one a level at most, from level 0 up. */
export function partialTiles(size: number): readonly Tile[] {
  if (!isTreeSize(size)) throw new RangeError(`${size} is not a number of leaves.`);
  const tiles: Tile[] = [];
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH))
    if (hashes % TILE_WIDTH > 0)
      tiles.push({ level, index: Math.floor(hashes / TILE_WIDTH), width: hashes % TILE_WIDTH });
  return tiles;
}

/** A tile as it is stored and served: its hashes one after the other. */
export const encodeTile = (hashes: readonly Hash[]): Uint8Array => Buffer.concat(hashes);

/** The hashes of a tile; undefined where the bytes are not 1 to 256 whole hashes. */
export function decodeTile(bytes: Uint8Array): readonly Hash[] | undefined {
  const width = bytes.length / HASH_BYTES;
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) return undefined;
  return Array.from({ length: width }, (_, index) => bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES));
}

/** The hash of a full tile: the one that represents it on the level above. Throws for a partial tile, which has none. */
export function tileHash(hashes: readonly Hash[]): Hash {
  if (hashes.length !== TILE_WIDTH) throw new RangeError(`A tile of ${hashes.length} hashes has no hash of its own.`);
  return subtreeHash(hashes);
}

/** True when a full tile is the one that a hash of the level above represents. */
export const isTileUnder = (parent: Hash, hashes: readonly Hash[]): boolean =>
  hashes.length === TILE_WIDTH && sameHash(tileHash(hashes), parent);

/** The root of the tree that these partial tiles, from level 0 up, are the right edge of; see {@link partialTiles}. */
export function rootOfEdge(edge: readonly (readonly Hash[])[]): Hash {
  const subtrees = edge.toReversed().flatMap((hashes) => completeSubtrees(hashes));
  return joinSubtrees(subtrees);
}

/** The hash over a number of hashes that is a power of two; throws for any other number. */
export function subtreeHash(hashes: readonly Hash[]): Hash {
  const [first, ...rest] = hashes;
  if (!first) throw new RangeError('No hashes, no subtree.');
  return rest.length === 0 ? first : subtreeHash(parentsOf(hashes));
}

function parentsOf(hashes: readonly Hash[]): readonly Hash[] {
  const parents: Hash[] = [];
  for (let at = 0; at < hashes.length; at += 2) {
    const [left, right] = hashes.slice(at, at + 2);
    if (!left || !right) throw new RangeError(`${hashes.length} hashes are not the level of a complete subtree.`);
    parents.push(nodeHash(left, right));
  }
  return parents;
}

/** The complete subtrees that a tile's hashes are the sum of, the largest first. */
function completeSubtrees(hashes: readonly Hash[]): readonly Hash[] {
  const subtrees: Hash[] = [];
  let start = 0;
  for (let width = TILE_WIDTH; width >= 1; width /= 2)
    if (hashes.length - start >= width) {
      subtrees.push(subtreeHash(hashes.slice(start, start + width)));
      start += width;
    }
  return subtrees;
}
