import { Turns } from '#runtime/turns';
import { DigestSet } from '../log-check/digest-set.js';
import { EntryCheck, type EntryColumns } from '../log-check/entry-check.js';
import { HeadsTree } from '../merkle/heads-tree.js';
import type { HeadsDigest, StreamHead } from '../merkle/stream-head.js';
import type { Hash } from '../merkle/tree-hashes.js';
import { type AcceptedRollback, type ReleasedTree } from '../notes/rollbacks.js';
import { type FilledTile, TileEdge } from '../merkle/tile-edge.js';

/** A contradiction between the log and what was signed: to continue would put a signature under it. */
export class ContradictionError extends Error {
  override readonly name = 'ContradictionError';
}

/** The end of a tree from which it continues to grow. */
export interface TreeEnd {
  readonly size: number;
  readonly edge: readonly FilledTile[];
  readonly heads: readonly StreamHead[];
  /** When the last entry was recorded; absent before the first. */
  readonly recordedAt?: number;
  /** The rollbacks that were accepted up to there. */
  readonly rollbacks?: readonly AcceptedRollback[];
  /** Answers whether an operator accepted that the log does not continue a tree; without it nobody did. */
  readonly isReleased?: (tree: ReleasedTree) => boolean;
}

/** The growth of a tree by some entries. */
export interface Growth {
  readonly from: number;
  readonly to: number;
  readonly root: Hash;
  readonly edgeBefore: readonly FilledTile[];
  readonly edge: readonly FilledTile[];
  /** The tiles that are full now and were not before. */
  readonly tiles: readonly FilledTile[];
  /** The heads of the streams that moved. */
  readonly heads: readonly StreamHead[];
  readonly digest: HeadsDigest;
  /** Every rollback that was accepted, from the log's beginning on. */
  readonly rollbacks: readonly AcceptedRollback[];
}

/** Joins two steps of growth, one after the other. */
export const joinGrowth = (one: Growth | undefined, next: Growth): Growth =>
  one === undefined
    ? next
    : {
        ...next,
        from: one.from,
        edgeBefore: one.edgeBefore,
        tiles: [...one.tiles, ...next.tiles],
        heads: [...new Map([...one.heads, ...next.heads].map((head) => [head.stream, head])).values()],
      };

/** An entry as the log stores it: its text, and the columns beside it. */
export interface GrowingEntry extends EntryColumns {
  readonly position: number;
  readonly entry: string;
}

/** Called with each size of the tree as it grows. */
export type AtSize = (size: number, root: () => Hash) => void;

/**
 * The log as a tree that grows entry by entry, each checked before it becomes a leaf: canonical, the same in its text
 * as in the columns beside it, next in its stream, recorded no earlier than the one before.
 */
export class GrowingTree {
  readonly #edge: TileEdge;
  readonly #heads: HeadsTree;
  readonly #check: EntryCheck;
  readonly #rollbacks: AcceptedRollback[];
  readonly #isReleased: (tree: ReleasedTree) => boolean;

  constructor({ size, edge, heads, recordedAt, rollbacks = [], isReleased = () => false }: TreeEnd) {
    this.#rollbacks = [...rollbacks];
    this.#isReleased = isReleased;
    this.#edge = new TileEdge({ size, partial: edge });
    this.#heads = new HeadsTree(heads);
    // That no key is used twice is the log's own constraint, and is checked in an export.
    const from = { position: size, heads, ...(recordedAt === undefined ? {} : { recordedAt }) };
    this.#check = new EntryCheck({ keys: new DigestSet(0), from });
  }

  get size(): number {
    return this.#edge.size;
  }

  root(): Hash {
    return this.#edge.root();
  }

  /** The partial tiles at the right edge. */
  edge(): readonly FilledTile[] {
    return this.#edge.partial();
  }

  digest(): HeadsDigest {
    return this.#heads.digest();
  }

  /** Adds entries, which follow on the last. Throws {@link ContradictionError} at one that must not become a leaf. */
  async grow(entries: readonly GrowingEntry[], atSize: AtSize): Promise<Growth> {
    const from = this.size;
    const edgeBefore = this.#edge.partial();
    const tiles: FilledTile[] = [];
    const heads = new Map<string, StreamHead>();
    const turns = new Turns();
    for (const entry of entries) {
      if (turns.isOver) await turns.next();
      tiles.push(...this.#edge.append(this.#leafOf(entry)));
      heads.set(entry.stream, { stream: entry.stream, position: entry.position, revision: entry.revision });
      atSize(this.size, () => this.root());
    }
    this.#heads.move([...heads.values()]);
    return {
      from,
      to: this.size,
      root: this.root(),
      edgeBefore,
      edge: this.#edge.partial(),
      tiles,
      heads: [...heads.values()],
      digest: this.digest(),
      rollbacks: [...this.#rollbacks],
    };
  }

  /** Checks an entry; answers its leaf. */
  #leafOf(entry: GrowingEntry): Hash {
    const { position } = entry;
    const text = Buffer.from(entry.entry, 'utf8');
    const { leaf, findings, released } = this.#check.check({ position, text, columns: entry });
    const fault = findings[0]?.message ?? (released && this.#acceptRelease(position, released));
    if (fault !== undefined)
      throw new ContradictionError(`The entry at position ${position} cannot be signed. ${fault}`);
    return leaf;
  }

  /** Notes a rollback that an entry says was accepted; answers what is wrong where no operator accepted it. */
  #acceptRelease(position: number, released: ReleasedTree): string | undefined {
    if (!this.#isReleased(released))
      return 'It says that an operator accepted a rollback, and none did where the key is kept.';
    this.#rollbacks.push({ position, ...released });
    return undefined;
  }
}
