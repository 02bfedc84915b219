import type { CheckSteps } from '../primitives/steps.js';
import { EMPTY_ROOT, type Hash, HASH_BYTES, isTreeSize, nodeHashStepwise, sameHash } from './tree-hashes.js';

/** The claim that a leaf is at an index of the tree with a size and a root. */
export interface InclusionClaim {
  /** Counted from 0. */
  readonly index: number;
  readonly size: number;
  readonly leaf: Hash;
  readonly root: Hash;
}

/** The claim that the tree of one size and root is the beginning of the tree of another. */
export interface ConsistencyClaim {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Hash;
  readonly toRoot: Hash;
}

/** True when the proof shows the claim (RFC 9162, section 2.1.3.2). A proof with a hash too many shows nothing. */
export function* provesInclusionStepwise(
  proof: readonly Hash[],
  { index, size, leaf, root }: InclusionClaim,
): CheckSteps<boolean> {
  if (!isTreeSize(index) || !isTreeSize(size) || index >= size || !areHashes([...proof, leaf, root])) return false;
  let place = { at: index, last: size - 1 };
  let computed = leaf;
  for (const beside of proof) {
    if (place.last === 0) return false;
    if (isRightEnd(place)) {
      computed = yield* nodeHashStepwise(beside, computed);
      place = withoutMissingSiblings(place);
    } else computed = yield* nodeHashStepwise(computed, beside);
    place = above(place);
  }
  return place.last === 0 && sameHash(computed, root);
}

/**
 * True when the proof shows the claim (RFC 9162, section 2.1.4.2).
 *
 * Equal sizes need equal roots and no proof. Every tree begins with the empty one, whose root must then be the empty
 * root; that too takes no proof.
 */
export function* provesConsistencyStepwise(proof: readonly Hash[], claim: ConsistencyClaim): CheckSteps<boolean> {
  const { from, to, fromRoot, toRoot } = claim;
  if (!isTreeSize(from) || !isTreeSize(to) || from > to || !areHashes([...proof, fromRoot, toRoot])) return false;
  if (from === to) return proof.length === 0 && sameHash(fromRoot, toRoot);
  if (from === 0) return proof.length === 0 && sameHash(fromRoot, EMPTY_ROOT);
  // A first size that is a power of two is a node of the later tree, and so its root the proof's first hash.
  const [first, ...rest] = isPowerOfTwo(from) ? [fromRoot, ...proof] : proof;
  return first !== undefined && proof.length > 0 && (yield* bothRootsFollow({ first, rest }, claim));
}

function* bothRootsFollow(
  { first, rest }: { readonly first: Hash; readonly rest: readonly Hash[] },
  { from, to, fromRoot, toRoot }: ConsistencyClaim,
): CheckSteps<boolean> {
  let place: Place = { at: from - 1, last: to - 1 };
  while (place.at % 2 === 1) place = above(place);
  let computedFrom = first;
  let computedTo = first;
  for (const beside of rest) {
    if (place.last === 0) return false;
    if (isRightEnd(place)) {
      computedFrom = yield* nodeHashStepwise(beside, computedFrom);
      computedTo = yield* nodeHashStepwise(beside, computedTo);
      place = withoutMissingSiblings(place);
    } else computedTo = yield* nodeHashStepwise(computedTo, beside);
    place = above(place);
  }
  return place.last === 0 && sameHash(computedFrom, fromRoot) && sameHash(computedTo, toRoot);
}

/** A node's index on its level, and the index of the level's last node. */
interface Place {
  readonly at: number;
  readonly last: number;
}

const above = ({ at, last }: Place): Place => ({ at: Math.floor(at / 2), last: Math.floor(last / 2) });

/** True when the node beside this one is on its left. */
const isRightEnd = ({ at, last }: Place): boolean => at % 2 === 1 || at === last;

/** Climbs from a level's last node, while it has none beside it. */
function withoutMissingSiblings(place: Place): Place {
  let climbed = place;
  while (climbed.at % 2 === 0 && climbed.at > 0) climbed = above(climbed);
  return climbed;
}

const areHashes = (hashes: readonly Hash[]): boolean => hashes.every(({ length }) => length === HASH_BYTES);

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}
