import type { LogEntry } from '#event-log';
import { DigestSet } from '../digest-set.js';
import { EntryChain } from '../entry-chain.js';
import { type EntryContent, readEntryText } from '../entry-text.js';
import { type HeadsDigest, HeadsTree, type StreamHead } from '../heads-tree.js';
import { type Hash, leafHash } from '../merkle.js';
import { type FilledTile, TileEdge } from '../tile-edge.js';

/** What was recorded is not what may be signed: going on would put a signature under a contradiction. */
export class ContradictionError extends Error {
  override readonly name = 'ContradictionError';
}

/** Where the tree is taken up. */
export interface TreeEnd {
  readonly size: number;
  readonly edge: readonly FilledTile[];
  readonly heads: readonly StreamHead[];
  /** When the last entry was recorded; absent before the first. */
  readonly recordedAt?: number;
}

/** What entries added to the tree. */
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
}

/** Told of each size the tree passes, as it passes it. */
export type AtSize = (size: number, root: () => Hash) => void;

/**
 * The log as a tree that grows entry by entry, each checked before it becomes a leaf: canonical, the same in its text
 * as in the columns beside it, next in its stream, recorded no earlier than the one before.
 */
export class GrowingTree {
  readonly #edge: TileEdge;
  readonly #heads: HeadsTree;
  readonly #chain: EntryChain;

  constructor({ size, edge, heads, recordedAt }: TreeEnd) {
    this.#edge = new TileEdge({ size, partial: edge });
    this.#heads = new HeadsTree(heads);
    // That no key stands twice is the log's own constraint, and checked by whoever verifies an export.
    const from = { position: size, heads, ...(recordedAt === undefined ? {} : { recordedAt }) };
    this.#chain = new EntryChain({ keys: new DigestSet(0), from });
  }

  get size(): number {
    return this.#edge.size;
  }

  root(): Hash {
    return this.#edge.root();
  }

  digest(): HeadsDigest {
    return this.#heads.digest();
  }

  /** Adds entries, which follow on the last. Throws {@link ContradictionError} at one that must not become a leaf. */
  grow(entries: readonly LogEntry[], atSize: AtSize): Growth {
    const from = this.size;
    const edgeBefore = this.#edge.partial();
    const tiles: FilledTile[] = [];
    const heads = new Map<string, StreamHead>();
    for (const entry of entries) {
      this.#assertNext(entry);
      tiles.push(...this.#edge.append(leafHash(Buffer.from(entry.entry, 'utf8'))));
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
    };
  }

  #assertNext(entry: LogEntry): void {
    const content = readEntryText(Buffer.from(entry.entry, 'utf8'));
    const fault = content.ok
      ? (columnFault(entry, content.value) ?? this.#chain.take(content.value)?.message)
      : content.message;
    if (fault !== undefined)
      throw new ContradictionError(`The entry at position ${entry.position} cannot be signed. ${fault}`);
  }
}

/** What the columns beside an entry say otherwise than its text, in a sentence; undefined when they agree. */
export function columnFault(entry: LogEntry, content: EntryContent): string | undefined {
  const columns: EntryContent = { ...content, ...columnsOf(entry) };
  const names = ['id', 'key', 'type', 'stream', 'revision', 'prev', 'recordedAt'] as const;
  const differing = names.filter((name) => columns[name] !== content[name]);
  return differing.length === 0
    ? undefined
    : `Its text and the columns beside it differ in ${differing.join(', ')}: one of them was changed.`;
}

const columnsOf = ({ id, key, type, stream, revision, prev, recordedAt }: LogEntry) => ({
  id,
  key,
  type,
  stream,
  revision,
  prev,
  recordedAt,
});
