import { leafHash } from '../merkle/merkle.js';
import { type Hash, HASH_BYTES, sameHash } from '../merkle/tree-hashes.js';
import { parseRelease } from '../notes/released-tree.js';
import type { ReleasedTree } from '../notes/rollbacks.js';
import { EntryChain, type EntryChainOptions } from './entry-chain.js';
import { type EntryContent, readEntryText } from './entry-text.js';
import { type FindingReason, type LogFinding, findingAt } from './findings.js';

/** The columns that a log keeps beside an entry's text, for look-ups. */
export interface EntryColumns {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly prev?: number | null;
  readonly recordedAt: number;
}

/** An entry as it was found, and what was kept about it elsewhere. */
export interface EntryToCheck {
  readonly position: number;
  /** The stored canonical JSON; undefined where the entry is missing. */
  readonly text: Uint8Array | undefined;
  /** The leaf hash that was kept for it; undefined where none was. */
  readonly leaf?: Hash | undefined;
  readonly columns?: EntryColumns | undefined;
}

/** The content of an entry, and the findings about it. */
export interface CheckedEntry {
  /** The leaf that the tree continues with: the one that was kept where there is one. */
  readonly leaf: Hash;
  /** Undefined where the text is missing or is not that of an entry. */
  readonly content: EntryContent | undefined;
  /** The tree that the entry releases: only an accepted rollback does. */
  readonly released: ReleasedTree | undefined;
  /** The most fundamental first; empty for an entry that is as it was signed. */
  readonly findings: readonly LogFinding[];
}

/**
 * The check of a log's entries, one by one and in order: canonical form and stored form, the leaf that was kept, the
 * columns beside the text, the place in log and stream, times, keys, and what an accepted rollback releases. The signer,
 * the self-check and the verifier of exports all decide by it.
 */
export class EntryCheck {
  readonly #chain: EntryChain;
  #isInOrder = true;
  #isAsSigned = true;

  constructor(options: EntryChainOptions = {}) {
    this.#chain = new EntryChain(options);
  }

  /** The streams, times and keys of the entries so far, up to the first that is out of order. */
  get chain(): Pick<EntryChain, 'position' | 'streams' | 'heads' | 'keysCompared' | 'recordedAt'> {
    return this.#chain;
  }

  /** False from the first entry on that does not follow the one before: what comes after it is not compared with it. */
  get isInOrder(): boolean {
    return this.#isInOrder;
  }

  /** False from the first entry on that is missing or not the one that was signed: roots differ from there on. */
  get isAsSigned(): boolean {
    return this.#isAsSigned;
  }

  /** Checks the entry of the next position. */
  check(entry: EntryToCheck): CheckedEntry {
    const { position, text, leaf: kept } = entry;
    const nothing = { content: undefined, released: undefined };
    if (!text) return { ...nothing, leaf: kept ?? NO_HASH, findings: [this.#notSigned(position, 'entry-missing')] };
    const leaf = leafHash(text);
    const read = readEntryText(text);
    if (kept && !sameHash(leaf, kept)) {
      const detail = read.ok ? 'It reads as an entry, but another was signed.' : read.message;
      const findings = [this.#notSigned(position, 'leaf-differs', detail)];
      return { ...nothing, ...(read.ok && { content: read.value }), leaf: kept, findings };
    }
    if (read.ok) return { leaf, content: read.value, ...this.#compare(entry, read.value) };
    this.#isInOrder = false;
    return { ...nothing, leaf, findings: [findingAt(position, 'not-an-entry', read.message)] };
  }

  #notSigned(position: number, reason: FindingReason, detail?: string): LogFinding {
    this.#isInOrder = false;
    this.#isAsSigned = false;
    return findingAt(position, reason, detail);
  }

  #compare({ position, columns }: EntryToCheck, content: EntryContent): Pick<CheckedEntry, 'released' | 'findings'> {
    const differing =
      columns === undefined ? [] : NAMES.filter((name) => (columns[name] ?? undefined) !== content[name]);
    const outOfOrder = this.#isInOrder ? this.#chain.take(position, content) : undefined;
    if (outOfOrder) this.#isInOrder = false;
    const released = parseRelease(content);
    return {
      released: released.ok ? released.value : undefined,
      findings: [
        ...(differing.length > 0 ? [findingAt(position, 'columns-differ', differing.join(', '))] : []),
        ...(outOfOrder ? [outOfOrder] : []),
        ...(released.ok ? [] : [findingAt(position, 'rollbacks-differ', released.message)]),
      ],
    };
  }
}

const NAMES = ['id', 'key', 'type', 'stream', 'revision', 'prev', 'recordedAt'] as const;

/** The leaf of an entry of which nothing is known. */
const NO_HASH: Hash = new Uint8Array(HASH_BYTES);
