import type { Pool } from 'pg';
import { type ExportBlock, exportLines } from '../export/export-file.js';
import { consistencyProof } from '../merkle/merkle-proofs.js';
import { parseVerifierKey } from '../notes/note-verification.js';
import { readStoredTexts } from '../store/log-rows.js';
import type { TreeState } from '../store/tree-state.js';
import type { StoredTiles } from '../store/stored-tiles.js';
import { tileHashReader } from '../merkle/tile-hash-reader.js';
import { TILE_WIDTH, tileWidth } from '../merkle/tiles.js';

/** The sources that exports are made from. */
export interface ExportNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  /** The log's verifier key. */
  readonly vkey: string;
}

/** An export, or why there is none. */
export type ExportOutcome =
  | { readonly outcome: 'exported'; readonly size: number; readonly lines: AsyncIterable<string> }
  | { readonly outcome: 'nothing-signed' }
  | { readonly outcome: 'beyond-signed'; readonly signed: number };

/** A request for an export. */
export interface ExportRequest {
  readonly treeState: TreeState;
  readonly tiles: StoredTiles;
  readonly to: number | undefined;
}

/** Entries that are read at once: 8 blocks. */
const PAGE = 8 * TILE_WIDTH;

/**
 * Makes an export up to a size; see the form in `export-file.ts`. Signs nothing: what was not signed at just that size
 * comes with the next checkpoint that was, and the proof that its tree begins with the exported entries.
 */
export async function exportOf(needs: ExportNeeds, { treeState, tiles, to }: ExportRequest): Promise<ExportOutcome> {
  const key = parseVerifierKey(needs.vkey);
  if (!treeState.checkpoint || !key.ok) return { outcome: 'nothing-signed' };
  const size = to ?? treeState.size;
  if (size > treeState.size) return { outcome: 'beyond-signed', signed: treeState.size };
  const signed = (await findCheckpointFrom(needs.pool, { size, upTo: treeState.size })) ?? {
    size: treeState.size,
    note: treeState.checkpoint.note,
  };
  const { name: origin, text: vkey } = key.value;
  const reader = tileHashReader(tiles.readerAt(treeState), signed.size);
  const consistency =
    size === signed.size ? undefined : await consistencyProof(reader, { from: size, to: signed.size });
  const blocks = blocksOf(needs.pool, { treeState, tiles, after: 0, size });
  const lines = exportLines({ origin, vkey, blocks, checkpoint: signed.note, ...(consistency && { consistency }) });
  return { outcome: 'exported', size, lines };
}

/** The entries to export: those after a position, which full blocks end at, up to a size. */
export interface ExportSource {
  readonly treeState: TreeState;
  readonly tiles: StoredTiles;
  readonly after: number;
  readonly size: number;
}

/** Leaf hashes from the stored tiles, entries from their table: where the one was changed it does not fit the other. */
export async function* blocksOf(
  pool: Pool,
  { treeState, tiles, after: start, size }: ExportSource,
): AsyncGenerator<ExportBlock> {
  const reader = tiles.readerAt(treeState);
  for (let after = start; after < size; after += PAGE) {
    const upTo = Math.min(size, after + PAGE);
    const wanted = Array.from({ length: Math.ceil((upTo - after) / TILE_WIDTH) }, (_, index) => {
      const tile = { level: 0, index: after / TILE_WIDTH + index };
      return { ...tile, width: tileWidth(tile, size) };
    });
    const [leaves, texts] = await Promise.all([reader.tilesAt(wanted), readStoredTexts(pool, { after, upTo })]);
    for (const [index, hashes] of leaves.entries()) {
      const before = after + index * TILE_WIDTH;
      const own = texts.filter(({ position }) => position > before && position <= before + hashes.length);
      yield { leaves: hashes, entries: own.map(({ entry }) => entry) };
    }
  }
}

/** The smallest checkpoint that was signed over a size or more. */
async function findCheckpointFrom(
  pool: Pool,
  { size, upTo }: { readonly size: number; readonly upTo: number },
): Promise<{ readonly size: number; readonly note: string } | undefined> {
  const { rows } = await pool.query<{ size: number; note: string }>({
    name: 'audit-signed-from',
    text: 'SELECT size::float8 AS size, note FROM audit.checkpoints WHERE size >= $1 AND size <= $2 ORDER BY size LIMIT 1',
    values: [size, upTo],
  });
  return rows[0];
}
