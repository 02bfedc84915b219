import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '#projections';
import { type Checkpoint, openCheckpoint, signCheckpoint } from '../checkpoint.js';
import type { StreamHead } from '../heads-tree.js';
import { EMPTY_ROOT, type Hash, sameHash } from '../merkle.js';
import { type HashReader, consistencyProof } from '../merkle-proofs.js';
import { provesConsistency } from '../merkle-verification.js';
import type { SignerKey } from '../note-keys.js';
import { encodeEdge, readStanding } from '../store/standing.js';
import { headsIn, headsLine } from '../stream-heads.js';
import { tileHashReader } from '../tile-hash-reader.js';
import { tilePath } from '../tile-path.js';
import type { FilledTile } from '../tile-edge.js';
import { TILE_WIDTH, encodeTile, tileWidth } from '../tiles.js';
import { ContradictionError, type Growth, GrowingTree } from './growing-tree.js';
import { wasMoved } from './lease.js';

/** Another process follows the log, or the tree was moved from under this one: nothing was written. */
export class FollowerTakenOver extends Error {
  override readonly name = 'FollowerTakenOver';
}

/** With what the tree is stored and signed. */
export interface Signing {
  readonly pool: Pool;
  readonly key: SignerKey;
  /** What this process is called as an owner of the lease. */
  readonly owner: string;
}

/**
 * Takes the tree up as it is stored, and sees whether it is the one that was signed last.
 *
 * Throws {@link ContradictionError} where tiles, heads or checkpoint contradict each other.
 */
export async function takeUpTree(
  { pool, key }: Signing,
  recordedAtOf: (size: number) => Promise<number | undefined>,
): Promise<GrowingTree> {
  const { standing, heads } = await readTree(pool);
  const { size, edge, checkpoint } = standing;
  const recordedAt = size === 0 ? undefined : await recordedAtOf(size);
  if (size > 0 && recordedAt === undefined)
    throw new ContradictionError(`The log has no entry at position ${size}, though a checkpoint was signed over it.`);
  const tree = new GrowingTree({ size, edge, heads, ...(recordedAt === undefined ? {} : { recordedAt }) });
  if (size > 0) assertSigned(tree, checkpoint && opened(checkpoint.note, key));
  return tree;
}

const readTree = (pool: Pool) =>
  inTransaction(pool, async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const standing = await readStanding(client);
    // A tree that begins anew has no heads, whatever is left of another.
    if (standing.size === 0) await client.query('DELETE FROM audit.heads');
    const heads = await client.query<StreamHead>(
      'SELECT stream, position::float8 AS position, revision FROM audit.heads',
    );
    return { standing, heads: heads.rows };
  });

function opened(note: string, key: SignerKey): Checkpoint {
  const checkpoint = openCheckpoint(note, key.verifier);
  if (checkpoint.ok) return checkpoint.value;
  throw new ContradictionError(`The last checkpoint cannot be read. ${checkpoint.message}`);
}

function assertSigned(tree: GrowingTree, last: Checkpoint | undefined): void {
  if (!last) throw new ContradictionError(`There is no checkpoint over the ${tree.size} leaves of the stored tree.`);
  if (last.size !== tree.size || !sameHash(last.root, tree.root())) throw otherRoot(tree.size);
  const stated = headsIn(last.extensions);
  const digest = tree.digest();
  if (!stated.ok || !stated.value || !sameHash(stated.value.root, digest.root))
    throw new ContradictionError(
      `The stored stream heads at size ${tree.size} are not those that the last checkpoint is signed over.`,
    );
}

const otherRoot = (size: number): ContradictionError =>
  new ContradictionError(
    `The log comes to another root at size ${size} than the checkpoint that was signed over it. Nothing more is signed; docs/audit.md says what to do.`,
  );

/** The roots that were signed before over sizes that the tree is about to pass; none, unless it is made anew. */
export async function signedRoots(
  pool: Pool,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ReadonlyMap<number, Hash>> {
  const { rows } = await pool.query<{ size: number; root: Buffer }>({
    name: 'audit-signed-roots',
    text: 'SELECT size::float8 AS size, root FROM audit.checkpoints WHERE size > $1 AND size <= $2',
    values: [from, to],
  });
  return new Map(rows.map(({ size, root }) => [size, root]));
}

/** Throws where the tree has another root at a size than was signed before. */
export const assertRootsAsSigned =
  (signed: ReadonlyMap<number, Hash>) =>
  (size: number, root: () => Hash): void => {
    const before = signed.get(size);
    if (before && !sameHash(before, root())) throw otherRoot(size);
  };

/** Signs the empty tree, so that there is a checkpoint from the start. */
export async function signEmptyTree({ pool, key }: Signing): Promise<void> {
  const empty = new GrowingTree({ size: 0, edge: [], heads: [] });
  const note = noteOver({ size: 0, root: EMPTY_ROOT, digest: empty.digest() }, key);
  await pool.query(INSERT_CHECKPOINT, [0, EMPTY_ROOT, note]);
}

/**
 * Stores what the tree has grown by and signs it, all in one transaction with the position of its end.
 *
 * That the last tree begins the new one is proven first. Throws {@link FollowerTakenOver} when another process has
 * moved the tree.
 */
export async function storeGrowth({ pool, key, owner }: Signing, growth: Growth, lastRoot: Hash): Promise<void> {
  await assertConsistent(growth, lastRoot);
  const { from, to, root, edge } = growth;
  const note = noteOver({ size: to, root, digest: growth.digest }, key);
  await inTransaction(pool, async (client) => {
    if (!(await wasMoved(client, { owner, from, to, edge: encodeEdge(edge) })))
      throw new FollowerTakenOver(`Another process follows the log beyond position ${from}.`);
    await storeTiles(client, growth.tiles);
    await storeHeads(client, growth.heads);
    await client.query(INSERT_CHECKPOINT, [to, root, note]);
  });
}

// What was signed over the size before has the same root: that was seen while the tree passed it.
const INSERT_CHECKPOINT = 'INSERT INTO audit.checkpoints (size, root, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';

const noteOver = ({ size, root, digest }: Pick<Growth, 'root' | 'digest'> & { size: number }, key: SignerKey): string =>
  signCheckpoint({ origin: key.verifier.name, size, root, extensions: [headsLine(digest)] }, [key]);

async function assertConsistent({ from, to, root, edgeBefore, edge, tiles }: Growth, lastRoot: Hash): Promise<void> {
  const proof = await consistencyProof(readerOf({ size: to, tiles: [...edgeBefore, ...edge, ...tiles] }), { from, to });
  if (!provesConsistency(proof, { from, to, fromRoot: lastRoot, toRoot: root })) throw otherRoot(from);
}

/** Reads from tiles at hand: those that become full cover the partial ones that they were. */
function readerOf({ size, tiles }: { readonly size: number; readonly tiles: readonly FilledTile[] }): HashReader {
  const found = new Map(tiles.map(({ tile, hashes }) => [`${tile.level}/${tile.index}`, hashes]));
  return tileHashReader(
    {
      tilesAt: async (wanted) =>
        wanted.map((tile) => (found.get(`${tile.level}/${tile.index}`) ?? []).slice(0, tileWidth(tile, size))),
    },
    size,
  );
}

async function storeTiles(client: PoolClient, tiles: readonly FilledTile[]): Promise<void> {
  if (tiles.length === 0) return;
  const columns = [
    tiles.map(({ tile }) => tile.level),
    tiles.map(({ tile }) => tile.index),
    tiles.map(({ hashes }) => encodeTile(hashes)),
  ];
  const { rowCount } = await client.query({
    name: 'audit-store-tiles',
    text: 'INSERT INTO audit.tiles (level, index, hashes) SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[]) ON CONFLICT DO NOTHING',
    values: columns,
  });
  if (rowCount === tiles.length) return;
  const { rows } = await client.query<{ level: number; index: number }>(DIFFERING_TILES, columns);
  const [differing] = rows;
  if (differing)
    throw new ContradictionError(
      `The tile ${tilePath({ ...differing, width: TILE_WIDTH })} is stored with other hashes than the log comes to.`,
    );
}

const DIFFERING_TILES = `SELECT t.level, t.index::float8 AS index FROM audit.tiles t
  JOIN unnest($1::smallint[], $2::bigint[], $3::bytea[]) AS n(level, index, hashes) USING (level, index)
  WHERE t.hashes <> n.hashes ORDER BY t.level, t.index LIMIT 1`;

async function storeHeads(client: PoolClient, heads: readonly StreamHead[]): Promise<void> {
  await client.query({
    name: 'audit-store-heads',
    text: `INSERT INTO audit.heads (stream, position, revision)
      SELECT * FROM unnest($1::text[], $2::bigint[], $3::integer[])
      ON CONFLICT (stream) DO UPDATE SET position = excluded.position, revision = excluded.revision`,
    values: [
      heads.map(({ stream }) => stream),
      heads.map(({ position }) => position),
      heads.map(({ revision }) => revision),
    ],
  });
}
