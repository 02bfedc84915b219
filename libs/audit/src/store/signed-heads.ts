import type { Pool } from 'pg';
import { inTransaction } from '#postgres';
import { HeadsTree } from '../merkle/heads-tree.js';
import type { HeadProof, StreamHead } from '../merkle/stream-head.js';
import { type TreeState, readTreeState } from './tree-state.js';

/** The end of a stream when the last checkpoint was signed, and the proof. */
export interface SignedHead {
  readonly treeState: TreeState;
  /** Undefined for a stream that had not begun. */
  readonly proof: HeadProof | undefined;
}

// A head that moved since lies beyond the size that the tree is at.
const MOVED = 'SELECT stream, position::float8 AS position, revision FROM audit.heads WHERE position > $1';

/** The stream heads of the last checkpoint, kept as a tree that is updated with each question. */
export class SignedHeads {
  #tree = new HeadsTree();
  #size = 0;
  #asking: Promise<unknown> = Promise.resolve();

  constructor(private readonly pool: Pool) {}

  /** Proves where a stream ended. One at a time, since all share the tree. */
  headOf(stream: string): Promise<SignedHead> {
    const asked = this.#asking.then(() => this.#headOf(stream));
    this.#asking = asked.catch(() => undefined);
    return asked;
  }

  async #headOf(stream: string): Promise<SignedHead> {
    const { treeState, heads, isAnew } = await this.#readMovedHeads();
    if (isAnew) this.#tree = new HeadsTree();
    this.#tree.move(heads);
    this.#size = treeState.size;
    return { treeState, proof: this.#tree.proofOf(stream) };
  }

  #readMovedHeads() {
    return inTransaction(this.pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const treeState = await readTreeState(client);
      // The log's tree is being built again.
      const isAnew = treeState.size < this.#size;
      const { rows } = await client.query<StreamHead>({
        name: 'audit-moved-heads',
        text: MOVED,
        values: [isAnew ? 0 : this.#size],
      });
      return { treeState, heads: rows, isAnew };
    });
  }
}
