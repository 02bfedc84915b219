import { joinSubtrees } from './merkle.js';
import { type Hash, isTreeSize } from './tree-hashes.js';

/** A complete subtree: it covers the leaves from `index · 2^level` up to, without, `(index + 1) · 2^level`. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** A source of the hashes of complete subtrees; answers in the order asked, and throws for one that it does not have. */
export interface HashReader {
  hashesAt(subtrees: readonly Subtree[]): Promise<readonly Hash[]>;
}

/** The root of the tree over the first `size` leaves. */
export async function rootAt(reader: HashReader, size: number): Promise<Hash> {
  if (!isTreeSize(size)) throw new RangeError(`${size} is not a number of leaves.`);
  const [root] = await hashesOf(reader, [{ start: 0, end: size }]);
  return root ?? joinSubtrees([]);
}

/**
 * The hashes that lead from a leaf to the root over the first `size` leaves, the leaf's neighbour first (RFC 9162,
 * section 2.1.3.1). Leaves count from 0. Throws a RangeError for a leaf outside the tree.
 */
export async function inclusionProof(
  reader: HashReader,
  { index, size }: { readonly index: number; readonly size: number },
): Promise<readonly Hash[]> {
  if (!isTreeSize(size) || !isTreeSize(index) || index >= size)
    throw new RangeError(`A tree of ${size} leaves has no leaf ${index}.`);
  return hashesOf(reader, besideLeaf(index, { start: 0, end: size }));
}

/**
 * The hashes from which the roots over the first `from` and the first `to` leaves both follow, so that the one tree is
 * seen to begin the other (RFC 9162, section 2.1.4.1). Empty when the sizes are equal or `from` is 0. Throws a
 * RangeError when `from` is beyond `to`.
 */
export async function consistencyProof(
  reader: HashReader,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Hash[]> {
  if (!isTreeSize(from) || !isTreeSize(to) || from > to)
    throw new RangeError(`A tree of ${from} leaves does not begin one of ${to}.`);
  return from === 0 ? [] : hashesOf(reader, besideEdge(from, { start: 0, end: to }, true));
}

/** Neighbouring leaves that are one subtree of the tree; `end` is not among them. */
interface Leaves {
  readonly start: number;
  readonly end: number;
}

function besideLeaf(index: number, leaves: Leaves): readonly Leaves[] {
  if (leaves.end - leaves.start === 1) return [];
  const [left, right] = halves(leaves);
  return index < left.end ? [...besideLeaf(index, left), right] : [...besideLeaf(index, right), left];
}

function besideEdge(edge: number, leaves: Leaves, isRootKnown: boolean): readonly Leaves[] {
  if (edge === leaves.end) return isRootKnown ? [] : [leaves];
  const [left, right] = halves(leaves);
  return edge <= left.end ? [...besideEdge(edge, left, isRootKnown), right] : [...besideEdge(edge, right, false), left];
}

/** RFC 9162, section 2.1.1: the left half is the largest power of two below the whole. */
function halves({ start, end }: Leaves): readonly [Leaves, Leaves] {
  const middle = start + 2 ** highestBit(end - start - 1);
  return [
    { start, end: middle },
    { start: middle, end },
  ];
}

/** The hashes of several subtrees, each of them put together from complete ones, all read at once. */
async function hashesOf(reader: HashReader, ranges: readonly Leaves[]): Promise<readonly Hash[]> {
  const parts = ranges.map(completeSubtrees);
  const hashes = await reader.hashesAt(parts.flat());
  let at = 0;
  return parts.map(({ length }) => joinSubtrees(hashes.slice(at, (at += length))));
}

/** The complete subtrees that leaves are the sum of, the largest first. */
function completeSubtrees({ start, end }: Leaves): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let next = start; next < end;) {
    const level = highestBit(end - next);
    subtrees.push({ level, index: next / 2 ** level });
    next += 2 ** level;
  }
  return subtrees;
}

/** The place of the highest bit of a whole number from 1 on. */
function highestBit(value: number): number {
  let bit = 0;
  for (let rest = Math.floor(value / 2); rest > 0; rest = Math.floor(rest / 2)) bit += 1;
  return bit;
}
