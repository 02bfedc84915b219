import type { Pool } from 'pg';
import type { SignedTree } from '../anchor/anchor.js';
import { EMPTY_ROOT, type Hash, sameHash } from '../merkle/tree-hashes.js';
import { consistencyProof } from '../merkle/merkle-proofs.js';
import { provesConsistency } from '../merkle/merkle-verification.js';
import { bytesOfBase64 } from '../primitives/bytes.js';
import { StoredTiles } from '../store/stored-tiles.js';
import { tileHashReader } from '../merkle/tile-hash-reader.js';
import { ContradictionError, type GrowingTree } from './growing-tree.js';

/** The tree as it is stored, with the checkpoint over it; absent while nothing is signed. */
export interface StoredTree {
  readonly tree: GrowingTree;
  readonly checkpoint?: SignedTree;
}

/** The log does not continue the checkpoint that is kept beside the key. */
export class RollbackError extends ContradictionError {
  constructor(
    message: string,
    /** The tree that the log does not continue. */
    readonly signed: SignedTree,
  ) {
    super(
      `${message} Nothing more is signed. Put the newer database back; if what it lacks is lost for good, run: npx ptl audit accept-rollback --reason "…". See docs/audit.md.`,
    );
  }
}

/** A log whose first entries are not those that were signed. */
export const otherRootError = (anchored: SignedTree): RollbackError =>
  new RollbackError(
    `The log has another root at size ${anchored.size} than the newest checkpoint kept beside the key: its first ${anchored.size} entries are not those that were signed.`,
    anchored,
  );

/** A log that ends before what was signed. */
export const shortLogError = (head: number, anchored: SignedTree): RollbackError =>
  new RollbackError(
    `The log ends at position ${head}, and the newest checkpoint kept beside the key is over ${anchored.size} entries: an older state of the database was put back, entries were deleted, or the key has signed another log (each takes a key of its own).`,
    anchored,
  );

/** True when it is the root of the tree. */
export const isRootOf = ({ root }: SignedTree, hash: Hash): boolean =>
  sameHash(bytesOfBase64(root) ?? EMPTY_ROOT, hash);

/**
 * Throws {@link RollbackError} unless the stored tree, where it is as large, begins with the tree that is kept beside
 * the key.
 */
export async function assertContinues(pool: Pool, tree: GrowingTree, anchored: SignedTree): Promise<void> {
  if (tree.size < anchored.size) return;
  const span = { from: anchored.size, to: tree.size };
  const roots = { fromRoot: bytesOfBase64(anchored.root) ?? EMPTY_ROOT, toRoot: tree.root() };
  const treeState = { size: tree.size, edge: tree.edge() };
  const reader = tileHashReader(new StoredTiles(pool).readerAt(treeState), tree.size);
  const proof = await consistencyProof(reader, span).catch((error: unknown) => {
    if (error instanceof RangeError) return undefined;
    throw error;
  });
  if (!proof || !provesConsistency(proof, { ...span, ...roots })) throw otherRootError(anchored);
}
