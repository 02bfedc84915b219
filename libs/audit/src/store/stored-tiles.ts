import type { Pool } from 'pg';
import type { Hash } from '../merkle/tree-hashes.js';
import type { TileReader } from '../merkle/tile-hash-reader.js';
import { tilePath } from '../merkle/tile-path.js';
import { TILE_WIDTH, type Tile, decodeTile, tileWidth } from '../merkle/tiles.js';
import type { TreeState } from './tree-state.js';

/** Full tiles that are kept in memory, 8 KB each. */
const KEPT_LIMIT = 1_024;

const TILES = `SELECT t.level, t.index::float8 AS index, t.hashes FROM audit.tiles t
  JOIN unnest($1::smallint[], $2::bigint[]) AS w(level, index) ON t.level = w.level AND t.index = w.index`;

/** The tiles of the log's tree: full ones from their table, where they never change, partial ones from the edge. */
export class StoredTiles {
  readonly #kept = new Map<string, readonly Hash[]>();

  constructor(private readonly pool: Pool) {}

  /** Reads tiles of the tree in one state; a narrower tile is the beginning of the stored one. */
  readerAt(treeState: Pick<TreeState, 'size' | 'edge'>): TileReader {
    return {
      tilesAt: async (tiles) => {
        const isFull = (tile: Tile): boolean => tileWidth(tile, treeState.size) === TILE_WIDTH;
        const full = await this.#fullTiles(tiles.filter(isFull));
        return tiles.map((tile) => {
          const hashes = isFull(tile) ? full.get(tilePath({ ...tile, width: TILE_WIDTH })) : partial(tile, treeState);
          if (!hashes || hashes.length < tile.width)
            throw new RangeError(`The tree of ${treeState.size} leaves has no tile ${tilePath(tile)}.`);
          return hashes.slice(0, tile.width);
        });
      },
    };
  }

  async #fullTiles(tiles: readonly Tile[]): Promise<ReadonlyMap<string, readonly Hash[]>> {
    const found = new Map<string, readonly Hash[]>();
    const missing: Tile[] = [];
    for (const { level, index } of tiles) {
      const tile = { level, index, width: TILE_WIDTH };
      const kept = this.#kept.get(tilePath(tile));
      if (kept) found.set(tilePath(tile), kept);
      else missing.push(tile);
    }
    if (missing.length === 0) return found;
    const { rows } = await this.pool.query<{ level: number; index: number; hashes: Buffer }>({
      name: 'audit-tiles',
      text: TILES,
      values: [missing.map(({ level }) => level), missing.map(({ index }) => index)],
    });
    for (const { level, index, hashes } of rows) {
      const path = tilePath({ level, index, width: TILE_WIDTH });
      const decoded = decodeTile(hashes) ?? [];
      found.set(path, decoded);
      this.#keep(path, decoded);
    }
    return found;
  }

  #keep(path: string, hashes: readonly Hash[]): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT_LIMIT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(path, hashes);
  }
}

const partial = ({ level, index }: Tile, { edge }: Pick<TreeState, 'edge'>): readonly Hash[] | undefined =>
  edge.find(({ tile }) => tile.level === level && tile.index === index)?.hashes;
