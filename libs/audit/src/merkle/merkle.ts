import { nodeCryptography } from '../primitives/node-cryptography.js';
import { EMPTY_ROOT, type Hash, isTreeSize, leafBytes, nodeBytes } from './tree-hashes.js';

const { hash } = nodeCryptography;

/** The hash of a leaf. */
export const leafHash = (entry: Uint8Array): Hash => hash(leafBytes(entry));

/** The hash of a node. */
export const nodeHash = (left: Hash, right: Hash): Hash => hash(nodeBytes(left, right));

/** The hash of the smallest tree over neighbouring complete subtrees, the largest first; of none, the empty root. */
export const joinSubtrees = (subtrees: readonly Hash[]): Hash =>
  subtrees.length === 0 ? EMPTY_ROOT : subtrees.reduceRight((right, left) => nodeHash(left, right));

/**
 * A Merkle tree that grows, known by its right edge alone: the hash of each of the complete subtrees that its size is
 * the sum of, the largest first. At most 53 hashes, whatever the size.
 */
export class Frontier {
  #size: number;
  readonly #hashes: Hash[];

  /** Throws where there are not as many hashes as the size has complete subtrees. */
  constructor(edge: { readonly size: number; readonly hashes: readonly Hash[] } = { size: 0, hashes: [] }) {
    if (!isTreeSize(edge.size) || edge.hashes.length !== onesIn(edge.size))
      throw new RangeError(`${edge.hashes.length} hashes are not the edge of a tree of ${edge.size} leaves.`);
    this.#size = edge.size;
    this.#hashes = [...edge.hashes];
  }

  /** The number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** The hashes of the complete subtrees, the largest first. */
  get hashes(): readonly Hash[] {
    return [...this.#hashes];
  }

  /** Adds a leaf at the right. */
  append(leaf: Hash): void {
    let grown = leaf;
    for (let size = this.#size; size % 2 === 1; size = Math.floor(size / 2)) {
      const left = this.#hashes.pop();
      if (left) grown = nodeHash(left, grown);
    }
    this.#hashes.push(grown);
    this.#size += 1;
  }

  /** The root over all leaves so far. */
  root(): Hash {
    return joinSubtrees(this.#hashes);
  }
}

function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
