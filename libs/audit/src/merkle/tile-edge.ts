import type { Hash } from './tree-hashes.js';
import { TILE_WIDTH, type Tile, partialTiles, rootOfEdge, tileHash } from './tiles.js';

/** A tile with its hashes. */
export interface FilledTile {
  readonly tile: Tile;
  readonly hashes: readonly Hash[];
}

/**
 * The right edge of a tree as tiles: the partial tile of each level, which grow into full ones as leaves are added.
 *
 * The signer keeps it beside the full tiles that it has stored: at most 255 hashes a level, 8 levels at most
 * for any size there can be.
 */
export class TileEdge {
  #size = 0;
  readonly #levels: Hash[][] = [];

  /** Takes the edge up from the partial tiles of a tree, from level 0 up. Throws where they are not those of its size. */
  constructor(edge: { readonly size: number; readonly partial: readonly FilledTile[] } = { size: 0, partial: [] }) {
    for (const tile of partialTiles(edge.size)) {
      const found = edge.partial.find(({ tile: { level } }) => level === tile.level);
      if (found?.hashes.length !== tile.width)
        throw new RangeError(`The edge of ${edge.size} leaves takes ${tile.width} hashes on level ${tile.level}.`);
      this.#levelAt(tile.level).push(...found.hashes);
    }
    this.#size = edge.size;
  }

  /** The number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Adds a leaf at the right; answers the tiles that are full now and were not before, from level 0 up. */
  append(leaf: Hash): readonly FilledTile[] {
    this.#size += 1;
    const completed: FilledTile[] = [];
    let added = leaf;
    for (let level = 0, span = TILE_WIDTH; ; level += 1, span *= TILE_WIDTH) {
      const hashes = this.#levelAt(level);
      hashes.push(added);
      if (hashes.length < TILE_WIDTH) return completed;
      completed.push({ tile: { level, index: this.#size / span - 1, width: TILE_WIDTH }, hashes: [...hashes] });
      added = tileHash(hashes);
      hashes.length = 0;
    }
  }

  /** The partial tiles, from level 0 up. */
  partial(): readonly FilledTile[] {
    return partialTiles(this.#size).map((tile) => ({ tile, hashes: [...this.#levelAt(tile.level)] }));
  }

  /** The root over all leaves so far. */
  root(): Hash {
    return rootOfEdge(this.#levels);
  }

  #levelAt(level: number): Hash[] {
    while (this.#levels.length <= level) this.#levels.push([]);
    return this.#levels[level] ?? [];
  }
}
