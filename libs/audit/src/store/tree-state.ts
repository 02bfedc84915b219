import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '#postgres';
import type { StreamHead } from '../merkle/stream-head.js';
import { type Hash, HASH_BYTES } from '../merkle/tree-hashes.js';
import type { FilledTile } from '../merkle/tile-edge.js';
import { encodeTile, partialTiles } from '../merkle/tiles.js';

/** The state of the log's tree, as of one moment. */
export interface TreeState {
  /** The size of the tree, which is the last position followed. */
  readonly size: number;
  /** The partial tiles at the right edge, from level 0 up. */
  readonly edge: readonly FilledTile[];
  /** The signed checkpoint over that size; undefined before the first. */
  readonly checkpoint: { readonly root: Hash; readonly note: string; readonly signedAt: number } | undefined;
  /** True while some process follows the log. */
  readonly isFollowed: boolean;
  /** The reason why nothing more is signed; null while signing continues. */
  readonly error: string | null;
}

interface TreeStateRow {
  readonly size: number;
  readonly edge: Buffer;
  readonly root: Buffer | null;
  readonly note: string | null;
  readonly signedAt: number | null;
  readonly followed: boolean;
  readonly error: string | null;
}

// In one statement, so that edge and checkpoint are of one size.
const TREE_STATE = `SELECT f.position::float8 AS size, f.edge, c.root, c.note, f.error,
    extract(epoch FROM c.signed_at)::float8 * 1000 AS "signedAt",
    f.owner IS NOT NULL AND f.leased_until > clock_timestamp() AS followed
  FROM audit.follower f LEFT JOIN audit.checkpoints c ON c.size = f.position`;

/** Reads how far the tree has come. Throws where the stored edge is not one of a tree of its size. */
export async function readTreeState(client: Pick<Pool, 'query'> | PoolClient): Promise<TreeState> {
  const { rows } = await client.query<TreeStateRow>({ name: 'audit-standing', text: TREE_STATE, values: [] });
  const [row] = rows;
  if (!row) throw new Error('The row of audit.follower is missing; restore it from a backup.');
  const { size, edge, root, note, signedAt, followed, error } = row;
  return {
    size,
    edge: decodeEdge(edge, size),
    checkpoint: root && note !== null && signedAt !== null ? { root, note, signedAt } : undefined,
    isFollowed: followed,
    error,
  };
}

/** Reads the state of the tree and the end of each stream, as of one moment. */
export const readTree = (
  pool: Pool,
): Promise<{ readonly treeState: TreeState; readonly heads: readonly StreamHead[] }> =>
  inTransaction(pool, async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const treeState = await readTreeState(client);
    const { rows } = await client.query<StreamHead>(
      'SELECT stream, position::float8 AS position, revision FROM audit.heads',
    );
    return { treeState, heads: rows };
  });

/** Counts the streams of the tree. */
export async function countStreams(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ streams: number }>('SELECT count(*)::float8 AS streams FROM audit.heads');
  return rows[0]?.streams ?? 0;
}

/** The partial tiles of a tree, one after the other from level 0 up. */
export const encodeEdge = (edge: readonly FilledTile[]): Uint8Array =>
  Buffer.concat(edge.map(({ hashes }) => encodeTile(hashes)));

function decodeEdge(bytes: Buffer, size: number): readonly FilledTile[] {
  let at = 0;
  const edge = partialTiles(size).map((tile) => ({
    tile,
    hashes: Array.from({ length: tile.width }, () => bytes.subarray(at, (at += HASH_BYTES))),
  }));
  if (at !== bytes.length)
    throw new Error(`The stored edge of the tree has ${bytes.length} bytes; that of ${size} leaves has ${at}.`);
  return edge;
}
