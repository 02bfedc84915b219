import type { LogEntry } from '#event-log';
import type { SignedTree } from '../anchor/anchor.js';
import type { Hash } from '../merkle/tree-hashes.js';
import { isSameTree } from '../notes/rollbacks.js';
import type { StoredTree } from './continuation.js';
import { type Growth, joinGrowth } from './growing-tree.js';
import { type Signing, assertRootsAsSigned, signEmptyTree, readSignedRoots, storeGrowth } from './tree-store.js';

/** The state from which the tree grows. */
export interface GrowthStart {
  readonly stored: StoredTree;
  /** The tree that it must continue; undefined where there is none. */
  readonly bound: SignedTree | undefined;
  /** The tree that it does not continue, as an operator has accepted. */
  readonly released: SignedTree | undefined;
  /** The newest checkpoint that is kept. */
  readonly kept: SignedTree | undefined;
}

/**
 * The stored tree as it grows by the log's entries, and signs the result.
 *
 * As long as it is smaller than the tree that it must continue, or an accepted rollback is not on record in it, it only
 * grows: what it has grown by is stored and signed at once, when it has shown to continue it.
 */
export class GrowthSigner {
  #kept: SignedTree | undefined;
  /** Of the last stored tree. */
  #root: Hash;
  /** Size of the last stored checkpoint. */
  #previous: number | undefined;
  #unsigned: Growth | undefined;

  constructor(
    private readonly signing: Signing,
    private readonly from: GrowthStart,
  ) {
    const { stored, kept } = from;
    this.#kept = kept;
    this.#root = stored.tree.root();
    this.#previous = stored.checkpoint?.size;
  }

  /** Signs the tree that has no leaves. */
  async signEmpty(): Promise<void> {
    this.#kept = await signEmptyTree(this.signing);
    this.#previous = 0;
  }

  /** Takes the next entries of the log in; true when that was signed. */
  async take(entries: readonly LogEntry[]): Promise<boolean> {
    const { tree } = this.from.stored;
    const span = { from: tree.size, to: tree.size + entries.length };
    const signed = await readSignedRoots(this.signing.pool, span);
    const grown = await tree.grow(entries, assertRootsAsSigned(signed, this.from.bound));
    this.#unsigned = joinGrowth(this.#unsigned, grown);
    if (!this.#mayBeSigned(grown)) return false;
    await this.#sign(this.#unsigned);
    return true;
  }

  #mayBeSigned({ to, rollbacks }: Growth): boolean {
    const { bound, released } = this.from;
    if (released) return rollbacks.some((rollback) => isSameTree(rollback, released));
    return bound === undefined || to >= bound.size;
  }

  async #sign(growth: Growth): Promise<void> {
    const storing = { growth, lastRoot: this.#root, previous: this.#previous, anchored: this.#kept };
    this.#kept = await storeGrowth(this.signing, storing);
    this.#unsigned = undefined;
    this.#root = growth.root;
    this.#previous = growth.to;
  }
}
