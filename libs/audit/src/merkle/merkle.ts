import { hash } from 'node:crypto';

/** A SHA-256 hash: 32 bytes. */
export type Hash = Uint8Array;

/** The length of a hash in bytes. */
export const HASH_BYTES = 32;

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

/** The hash of a leaf: SHA-256 over the byte 0 and the entry (RFC 6962, section 2.1). */
export const leafHash = (entry: Uint8Array): Hash => sha256(Buffer.concat([LEAF_PREFIX, entry]));

/** The hash of a node: SHA-256 over the byte 1 and the hashes of its children (RFC 6962, section 2.1). */
export const nodeHash = (left: Hash, right: Hash): Hash => sha256(Buffer.concat([NODE_PREFIX, left, right]));

const sha256 = (bytes: Uint8Array): Hash => hash('sha256', bytes, 'buffer');

/** The root of the tree without leaves: SHA-256 over nothing. */
export const EMPTY_ROOT: Hash = sha256(new Uint8Array());

/** True when two hashes are the same. */
export const sameHash = (one: Hash, other: Hash): boolean => Buffer.compare(one, other) === 0;

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

/** True for what can be the number of leaves of a tree. */
export const isTreeSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 0;

function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
