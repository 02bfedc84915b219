import { leafHash, nodeHash } from './merkle.js';
import { type HeadProof, type HeadsDigest, type StreamHead, headBytes } from './stream-head.js';
import { EMPTY_ROOT, type Hash } from './tree-hashes.js';

/** Hashes a stream's head to its leaf. */
export const headLeaf = (head: StreamHead): Hash => leafHash(headBytes(head));

/**
 * The Merkle tree over all stream heads, which follows them as they move: leaves in order of the streams' UTF-16 code
 * units, tree and hashes those of RFC 6962.
 *
 * A head that moves costs the hashes above it; a stream that begins, those to its right as well.
 */
export class HeadsTree {
  #streams: string[] = [];
  /** Level by level from the leaves up; a node without a neighbour is its own parent on the level above. */
  #levels: Hash[][] = [[]];

  constructor(heads: readonly StreamHead[] = []) {
    this.move(heads);
  }

  /** The number of streams. */
  get size(): number {
    return this.#streams.length;
  }

  /** Moves heads, and adds streams that begin; each stream once. */
  move(heads: readonly StreamHead[]): void {
    const ordered = heads.toSorted((one, other) => (one.stream < other.stream ? -1 : 1));
    const begun = ordered.filter(({ stream }) => this.#streams[this.#placeOf(stream)] !== stream);
    const from = this.#insert(begun);
    const [leaves = []] = this.#levels;
    const moved = new Set<number>();
    for (const head of ordered) {
      const place = this.#placeOf(head.stream);
      leaves[place] = headLeaf(head);
      if (place < from) moved.add(place);
    }
    this.#rehash(moved, from);
  }

  /** The digest of all heads. */
  digest(): HeadsDigest {
    return { streams: this.size, root: this.#levels.at(-1)?.[0] ?? EMPTY_ROOT };
  }

  /** The proof of one stream's head; undefined for a stream that is not among them. */
  proofOf(stream: string): HeadProof | undefined {
    const index = this.#placeOf(stream);
    if (this.#streams[index] !== stream) return undefined;
    const hashes = this.#levels.flatMap((level, height) => {
      const place = Math.floor(index / 2 ** height);
      return level[place % 2 === 0 ? place + 1 : place - 1] ?? [];
    });
    return { index, hashes };
  }

  /** Makes room for streams that begin; answers the first place from which leaves have another index than before. */
  #insert(begun: readonly StreamHead[]): number {
    const [first] = begun;
    const [leaves = []] = this.#levels;
    if (!first) return leaves.length;
    const from = this.#placeOf(first.stream);
    const later = this.#streams.slice(from).map((stream, index) => ({ stream, leaf: leaves[from + index] }));
    const merged = [...later, ...begun.map((head) => ({ stream: head.stream, leaf: headLeaf(head) }))].sort(
      (one, other) => (one.stream < other.stream ? -1 : 1),
    );
    this.#streams = [...this.#streams.slice(0, from), ...merged.map(({ stream }) => stream)];
    this.#levels[0] = [...leaves.slice(0, from), ...merged.flatMap(({ leaf }) => leaf ?? [])];
    return from;
  }

  /** Computes the nodes above moved leaves, and above all leaves from an index on, again. */
  #rehash(moved: ReadonlySet<number>, from: number): void {
    let [places, start] = [moved, from];
    for (let level = 0; (this.#levels[level]?.length ?? 0) > 1; level += 1) {
      const below = this.#levels[level] ?? [];
      const width = Math.ceil(below.length / 2);
      const above = (this.#levels[level + 1] ??= []);
      start = Math.floor(start / 2);
      places = new Set([...places].map((place) => Math.floor(place / 2)).filter((place) => place < start));
      for (const place of places) above[place] = parentAt(below, place);
      for (let place = start; place < width; place += 1) above[place] = parentAt(below, place);
    }
  }

  /** The index of a stream in their order, also of one that is not among them. */
  #placeOf(stream: string): number {
    let [low, high] = [0, this.#streams.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#streams[middle] ?? '') < stream) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function parentAt(below: readonly Hash[], place: number): Hash {
  const [left, right] = [below[2 * place], below[2 * place + 1]];
  if (!left) throw new RangeError(`The level has no node ${2 * place}.`);
  return right ? nodeHash(left, right) : left;
}
