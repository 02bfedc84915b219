import { type CheckSteps, hashStepwise } from '../primitives/steps.js';

/** A SHA-256 hash: 32 bytes. */
export type Hash = Uint8Array;

/** The length of a hash in bytes. */
export const HASH_BYTES = 32;

const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** The bytes whose hash is that of a leaf: the byte 0 and the entry (RFC 6962, section 2.1). */
export function leafBytes(entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + entry.length);
  bytes[0] = LEAF_PREFIX;
  bytes.set(entry, 1);
  return bytes;
}

/** The bytes whose hash is that of a node: the byte 1 and the hashes of its children (RFC 6962, section 2.1). */
export function nodeBytes(left: Hash, right: Hash): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length);
  bytes[0] = NODE_PREFIX;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return bytes;
}

/** The hash of a leaf, as checks ask for it. */
export const leafHashStepwise = (entry: Uint8Array): CheckSteps<Hash> => hashStepwise(leafBytes(entry));

/** The hash of a node, as checks ask for it. */
export const nodeHashStepwise = (left: Hash, right: Hash): CheckSteps<Hash> => hashStepwise(nodeBytes(left, right));

/** The root of the tree without leaves: SHA-256 over nothing. */
export const EMPTY_ROOT: Hash = Uint8Array.from([
  0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41,
  0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/** True when two hashes are the same. */
export function sameHash(one: Hash, other: Hash): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** True for what can be the number of leaves of a tree. */
export const isTreeSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 0;
