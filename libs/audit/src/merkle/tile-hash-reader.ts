import type { Hash } from './tree-hashes.js';
import type { HashReader, Subtree } from './merkle-proofs.js';
import { tilePath } from './tile-path.js';
import { TILE_WIDTH, type Tile, subtreeHash, tileWidth } from './tiles.js';

/** A source of tiles; answers their hashes in the order asked, and throws for a tile that it does not have. */
export interface TileReader {
  tilesAt(tiles: readonly Tile[]): Promise<readonly (readonly Hash[])[]>;
}

/** The number of levels of the tree that a tile spans. */
const TILE_HEIGHT = 8;

/**
 * Reads hashes of the tree over the first `size` leaves from its tiles, each tile once a batch, all in one read.
 *
 * Throws a RangeError for a subtree that is not complete at that size.
 */
export function tileHashReader(tiles: TileReader, size: number): HashReader {
  return {
    async hashesAt(subtrees) {
      const places = subtrees.map((subtree) => placeOf(subtree, size));
      const wanted = new Map(places.map(({ tile }) => [nameOf(tile), tile]));
      const read = await tiles.tilesAt([...wanted.values()]);
      const hashesOf = new Map([...wanted.keys()].map((name, index) => [name, read[index] ?? []]));
      return places.map(({ tile, start, count }) => {
        const hashes = hashesOf.get(nameOf(tile)) ?? [];
        if (hashes.length !== tile.width)
          throw new RangeError(`The tile ${tilePath(tile)} has ${hashes.length} hashes.`);
        return subtreeHash(hashes.slice(start, start + count));
      });
    },
  };
}

interface PlaceInTile {
  readonly tile: Tile;
  readonly start: number;
  readonly count: number;
}

function placeOf({ level, index }: Subtree, size: number): PlaceInTile {
  const count = 2 ** (level % TILE_HEIGHT);
  const tile = { level: Math.floor(level / TILE_HEIGHT), index: Math.floor((index * count) / TILE_WIDTH) };
  const start = (index * count) % TILE_WIDTH;
  const width = tileWidth(tile, size);
  if (start + count > width)
    throw new RangeError(`A tree of ${size} leaves has no subtree ${index} on level ${level}.`);
  return { tile: { ...tile, width }, start, count };
}

const nameOf = ({ level, index }: Tile): string => `${level}/${index}`;
