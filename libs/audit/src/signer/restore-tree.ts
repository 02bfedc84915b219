import type { PoolClient } from 'pg';
import type { Hash } from '../merkle/tree-hashes.js';
import type { StreamHead } from '../merkle/stream-head.js';
import { openCheckpoint } from '../notes/note-verification.js';
import { isSameTree, rollbacksIn } from '../notes/rollbacks.js';
import type { VerifierKey } from '../notes/verifier-key.js';
import { readStoredRows } from '../store/log-rows.js';
import { encodeEdge } from '../store/tree-state.js';
import { ContradictionError, GrowingTree } from './growing-tree.js';
import { assertSigned, storeHeads, storeTiles } from './tree-store.js';

/** The checkpoint that restored entries must come to. */
export interface RestoredTree {
  /** The signed checkpoint over all of them. */
  readonly note: string;
  /** The key of the log. */
  readonly key: VerifierKey;
  /** Called with the number of entries that were read back. */
  readonly onProgress: (count: number) => void;
}

/** Entries that are read back at once: 16 full tiles. */
const PAGE = 4_096;

/**
 * Makes the tree of a log that was restored in this transaction, from the rows that are in its tables now, and stores it
 * for the signer to continue; answers its root.
 *
 * Throws {@link ContradictionError} where text and columns of an entry differ, entries do not follow each other, or the
 * root or the stream heads are not those that were signed: then the transaction must not be committed.
 */
export async function restoreTree(client: PoolClient, { note, key, onProgress }: RestoredTree): Promise<Hash> {
  const checkpoint = openCheckpoint(note, key);
  const rollbacks = checkpoint.ok ? rollbacksIn(checkpoint.value.extensions) : checkpoint;
  if (!checkpoint.ok || !rollbacks.ok)
    throw new ContradictionError(`The checkpoint cannot be read. ${rollbacks.ok ? '' : rollbacks.message}`);
  const { size } = checkpoint.value;
  const isReleased = (one: Parameters<typeof isSameTree>[0]): boolean =>
    rollbacks.value.some((other) => isSameTree(one, other));
  const tree = new GrowingTree({ size: 0, edge: [], heads: [], isReleased });
  const heads = new Map<string, StreamHead>();
  while (tree.size < size) {
    const rows = await readStoredRows(client, { after: tree.size, upTo: Math.min(size, tree.size + PAGE) });
    if (rows.length === 0) throw new ContradictionError(`The log has no entry at position ${tree.size + 1}.`);
    const growth = await tree.grow(rows, () => undefined);
    await storeTiles(client, growth.tiles);
    for (const head of growth.heads) heads.set(head.stream, head);
    onProgress(tree.size);
  }
  assertSigned(tree, checkpoint.value);
  await storeHeads(client, [...heads.values()]);
  await client.query(FOLLOW_FROM, [size, encodeEdge(tree.edge())]);
  return tree.root();
}

const FOLLOW_FROM =
  "UPDATE audit.follower SET position = $1, edge = $2, owner = NULL, leased_until = '-infinity', error = NULL";
