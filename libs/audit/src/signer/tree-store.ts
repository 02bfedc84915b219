import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '#postgres';
import { type Checkpoint, signCheckpoint } from '../notes/checkpoint.js';
import { openCheckpoint } from '../notes/note-verification.js';
import { type Anchor, type SignedTree, signedTree } from '../anchor/anchor.js';
import { previousLine } from '../notes/previous-checkpoint.js';
import type { HeadsDigest, StreamHead } from '../merkle/stream-head.js';
import { EMPTY_ROOT, type Hash, sameHash } from '../merkle/tree-hashes.js';
import { type HashReader, consistencyProof } from '../merkle/merkle-proofs.js';
import { provesConsistency } from '../merkle/merkle-verification.js';
import type { SignerKey } from '../notes/signed-note.js';
import { base64 } from '../primitives/bytes.js';
import { type AcceptedRollback, type ReleasedTree, isSameTree, rollbackLine } from '../notes/rollbacks.js';
import { encodeEdge, readTreeState } from '../store/tree-state.js';
import { headsIn, headsLine } from '../notes/heads-line.js';
import { tileHashReader } from '../merkle/tile-hash-reader.js';
import { tilePath } from '../merkle/tile-path.js';
import type { FilledTile } from '../merkle/tile-edge.js';
import { TILE_WIDTH, encodeTile, tileWidth } from '../merkle/tiles.js';
import { type StoredTree, isRootOf, otherRootError } from './continuation.js';
import { ContradictionError, type Growth, GrowingTree } from './growing-tree.js';
import { advanceTree } from './lease.js';

/** Another process follows the log, or the tree was moved from under this one: nothing was written. */
export class SignerSuperseded extends Error {
  override readonly name = 'FollowerTakenOver';
}

/** The means by which the tree is stored and signed. */
export interface Signing {
  readonly pool: Pool;
  readonly key: SignerKey;
  /** The name of this process as an owner of the lease. */
  readonly owner: string;
  readonly anchor: Anchor;
}

/** The facts that loading the stored tree needs. */
export interface LoadOptions {
  readonly recordedAtOf: (size: number) => Promise<number | undefined>;
  /** The trees that the log need not continue, as an operator has accepted. */
  readonly released: readonly ReleasedTree[];
}

/**
 * Loads the tree as it is stored, and asserts that it is the one that was signed last.
 *
 * Throws {@link ContradictionError} where tiles, heads or checkpoint contradict each other.
 */
export async function loadTree({ pool, key }: Signing, taking: LoadOptions): Promise<StoredTree> {
  const { treeState, heads, newest } = await readTree(pool);
  const { size, edge, checkpoint } = treeState;
  const recordedAt = size === 0 ? undefined : await taking.recordedAtOf(size);
  if (size > 0 && recordedAt === undefined)
    throw new ContradictionError(`The log has no entry at position ${size}, though a checkpoint was signed over it.`);
  const last = checkpoint && openSigned(checkpoint.note, key);
  const released = [...taking.released, ...(newest === undefined ? [] : openSigned(newest, key).signed.rollbacks)];
  const tree = new GrowingTree({
    size,
    edge,
    heads,
    ...(recordedAt === undefined ? {} : { recordedAt }),
    rollbacks: last?.signed.rollbacks ?? [],
    isReleased: (one) => released.some((other) => isSameTree(one, other)),
  });
  if (size > 0) assertSigned(tree, last?.checkpoint);
  return { tree, ...(last === undefined ? {} : { checkpoint: last.signed }) };
}

const readTree = (pool: Pool) =>
  inTransaction(pool, async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const treeState = await readTreeState(client);
    // A tree that begins again has no heads, whatever is left of another.
    if (treeState.size === 0) await client.query('DELETE FROM audit.heads');
    const heads = await client.query<StreamHead>(
      'SELECT stream, position::float8 AS position, revision FROM audit.heads',
    );
    const { rows } = await client.query<{ note: string }>(
      'SELECT note FROM audit.checkpoints ORDER BY size DESC LIMIT 1',
    );
    return { treeState, heads: heads.rows, newest: rows[0]?.note };
  });

function openSigned(note: string, key: SignerKey): { readonly checkpoint: Checkpoint; readonly signed: SignedTree } {
  const checkpoint = openCheckpoint(note, key.verifier);
  const signed = checkpoint.ok ? signedTree(note, checkpoint.value) : checkpoint;
  if (checkpoint.ok && signed.ok) return { checkpoint: checkpoint.value, signed: signed.value };
  throw new ContradictionError(`The last checkpoint cannot be read. ${signed.ok ? '' : signed.message}`.trimEnd());
}

/** Throws {@link ContradictionError} unless a tree is the one that a checkpoint is signed over. */
export function assertSigned(tree: GrowingTree, last: Checkpoint | undefined): void {
  if (!last) throw new ContradictionError(`There is no checkpoint over the ${tree.size} leaves of the stored tree.`);
  if (last.size !== tree.size || !sameHash(last.root, tree.root())) throw rootContradiction(tree.size);
  const stated = headsIn(last.extensions);
  const digest = tree.digest();
  if (!stated.ok || !stated.value || !sameHash(stated.value.root, digest.root))
    throw new ContradictionError(
      `The stored stream heads at size ${tree.size} are not those that the last checkpoint is signed over.`,
    );
}

const rootContradiction = (size: number): ContradictionError =>
  new ContradictionError(
    `The log has another root at size ${size} than the checkpoint that was signed over it. Nothing more is signed; docs/audit.md says what to do.`,
  );

/** The roots that were signed before over sizes that the tree is about to pass; none, unless it is built again. */
export async function readSignedRoots(
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
  (signed: ReadonlyMap<number, Hash>, anchored: SignedTree | undefined) =>
  (size: number, root: () => Hash): void => {
    const before = signed.get(size);
    if (before && !sameHash(before, root())) throw rootContradiction(size);
    if (anchored?.size === size && !isRootOf(anchored, root())) throw otherRootError(anchored);
  };

/** Signs the empty tree, so that there is a checkpoint from the start. */
export async function signEmptyTree({ pool, key, anchor }: Signing): Promise<SignedTree> {
  const { digest, root } = { digest: new GrowingTree({ size: 0, edge: [], heads: [] }).digest(), root: EMPTY_ROOT };
  const signed = signTree({ size: 0, root, digest, rollbacks: [] }, key, undefined);
  await anchor.keep(signed, await anchor.newest());
  await pool.query(INSERT_CHECKPOINT, [0, root, signed.note]);
  return signed;
}

/** Growth to store, and the tree that it continues. */
export interface GrowthToStore {
  readonly growth: Growth;
  /** Of the tree before. */
  readonly lastRoot: Hash;
  /** Size of the checkpoint before; undefined where there is none. */
  readonly previous: number | undefined;
  /** The newest checkpoint, with which the growth was compared. */
  readonly anchored: SignedTree | undefined;
}

/**
 * Stores what the tree has grown by and signs it, all in one transaction with the position of its end. The checkpoint
 * is kept beside the key before the transaction is committed, so before anybody can be shown it.
 *
 * That the last tree begins the new one is proven first. Throws {@link SignerSuperseded} when another process has
 * moved the tree.
 */
export async function storeGrowth({ pool, key, owner, anchor }: Signing, storing: GrowthToStore): Promise<SignedTree> {
  const { growth, lastRoot, previous, anchored } = storing;
  await assertConsistent(growth, lastRoot);
  const { from, to, root, edge } = growth;
  const signed = signTree({ ...growth, size: to }, key, previous);
  await inTransaction(pool, async (client) => {
    if (!(await advanceTree(client, { owner, from, to, edge: encodeEdge(edge) })))
      throw new SignerSuperseded(`Another process follows the log beyond position ${from}.`);
    await storeTiles(client, growth.tiles);
    await storeHeads(client, growth.heads);
    await client.query(INSERT_CHECKPOINT, [to, root, signed.note]);
    await anchor.keep(signed, anchored);
  });
  return signed;
}

// What was signed over the size before has the same root: that was seen while the tree passed it.
const INSERT_CHECKPOINT = 'INSERT INTO audit.checkpoints (size, root, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';

interface Signed {
  readonly size: number;
  readonly root: Hash;
  readonly digest: HeadsDigest;
  readonly rollbacks: readonly AcceptedRollback[];
}

function signTree({ size, root, digest, rollbacks }: Signed, key: SignerKey, previous: number | undefined): SignedTree {
  const extensions = [
    headsLine(digest),
    ...(previous === undefined ? [] : [previousLine(previous)]),
    ...rollbacks.map(rollbackLine),
  ];
  const note = signCheckpoint({ origin: key.verifier.name, size, root, extensions }, [key]);
  return { size, root: base64(root), note, rollbacks };
}

async function assertConsistent({ from, to, root, edgeBefore, edge, tiles }: Growth, lastRoot: Hash): Promise<void> {
  const proof = await consistencyProof(readerOf({ size: to, tiles: [...edgeBefore, ...edge, ...tiles] }), { from, to });
  if (!provesConsistency(proof, { from, to, fromRoot: lastRoot, toRoot: root })) throw rootContradiction(from);
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

/** Stores tiles that are full; throws {@link ContradictionError} where another is stored in the place of one. */
export async function storeTiles(client: PoolClient, tiles: readonly FilledTile[]): Promise<void> {
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
      `The tile ${tilePath({ ...differing, width: TILE_WIDTH })} is stored with other hashes than the log has.`,
    );
}

const DIFFERING_TILES = `SELECT t.level, t.index::float8 AS index FROM audit.tiles t
  JOIN unnest($1::smallint[], $2::bigint[], $3::bytea[]) AS n(level, index, hashes) USING (level, index)
  WHERE t.hashes <> n.hashes ORDER BY t.level, t.index LIMIT 1`;

/** Stores the ends of streams. */
export async function storeHeads(client: PoolClient, heads: readonly StreamHead[]): Promise<void> {
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
