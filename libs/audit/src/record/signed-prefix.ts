import type { Pool, PoolClient } from 'pg';
import { exportPartLines } from '../export/export-file.js';
import { rootAt } from '../merkle/merkle-proofs.js';
import { tileHashReader } from '../merkle/tile-hash-reader.js';
import { EMPTY_ROOT, type Hash } from '../merkle/tree-hashes.js';
import { openCheckpoint, parseVerifierKey } from '../notes/note-verification.js';
import { StoredTiles } from '../store/stored-tiles.js';
import { readTreeState } from '../store/tree-state.js';
import { blocksOf } from './log-export.js';

/** The log up to the position that was signed last, as of one moment: it stays as it is while the log grows. */
export interface SignedPrefix {
  readonly size: number;
  readonly root: Hash;
  /** The signed checkpoint over that size. */
  readonly note: string;
  /** The key that it is signed with. */
  readonly vkey: string;
  /** The root that the tree had at a size up to its own. */
  rootAt(size: number): Promise<Hash>;
  /**
   * The lines of the export of all of it that belong to the entries after one position, up to another; all but `upTo`
   * of the last are multiples of 256. The header comes with the first entries, the checkpoint where `isLast`.
   */
  lines(span: ExportSpan): AsyncGenerator<string>;
}

/** The entries of a part of an export. */
export interface ExportSpan {
  readonly after: number;
  readonly upTo: number;
  readonly isLast: boolean;
}

/** Where the log's key is known from, and where its entries are read. */
export interface SignedPrefixNeeds {
  readonly pool: Pool;
  readonly vkey: string;
}

/**
 * Reads how far the log is signed, in the transaction of `client`; its entries, which never change, later and outside
 * of it. Undefined where nothing is signed yet. Throws where the checkpoint is not signed with the log's key.
 */
export async function readSignedPrefix(
  client: PoolClient,
  { pool, vkey }: SignedPrefixNeeds,
): Promise<SignedPrefix | undefined> {
  const treeState = await readTreeState(client);
  const key = parseVerifierKey(vkey);
  if (!treeState.checkpoint) return undefined;
  const { note, root } = treeState.checkpoint;
  const opened = key.ok ? openCheckpoint(note, key.value) : key;
  if (!key.ok || !opened.ok) throw new Error(`The last checkpoint cannot be read. ${opened.ok ? '' : opened.message}`);
  const { size } = treeState;
  const tiles = new StoredTiles(pool);
  const header = { origin: key.value.name, vkey: key.value.text };
  return {
    size,
    root,
    note,
    vkey,
    rootAt: (wanted) =>
      wanted === 0 ? Promise.resolve(EMPTY_ROOT) : rootAt(tileHashReader(tiles.readerAt(treeState), size), wanted),
    lines: ({ after, upTo, isLast }) =>
      exportPartLines({
        ...(after === 0 && { header }),
        blocks: blocksOf(pool, { treeState, tiles, after, size: upTo }),
        ...(isLast && { end: { checkpoint: note } }),
      }),
  };
}
