import type { Pool } from 'pg';
import { signCheckpoint } from '../checkpoint.js';
import { type ExportBlock, exportLines } from '../export-file.js';
import { consistencyProof, rootAt } from '../merkle-proofs.js';
import { provesConsistency } from '../merkle-verification.js';
import { type SignerKey, parseVerifierKey } from '../note-keys.js';
import { storedTexts } from '../store/log-rows.js';
import type { Standing } from '../store/standing.js';
import type { StoredTiles } from '../store/stored-tiles.js';
import { tileHashReader } from '../tile-hash-reader.js';
import { TILE_WIDTH, tileWidth } from '../tiles.js';

/** What exports are made with. */
export interface ExportNeeds {
  /** Works as the application's role. */
  readonly pool: Pool;
  /** The log's verifier key. */
  readonly vkey: string;
  /** Signs what was not signed at just that size; absent where the key is kept elsewhere. */
  readonly signer?: SignerKey;
}

/** An export, or why there is none; `nearest` are the signed sizes around the one asked for. */
export type ExportOutcome =
  | { readonly outcome: 'exported'; readonly size: number; readonly lines: AsyncIterable<string> }
  | { readonly outcome: 'nothing-signed' }
  | { readonly outcome: 'beyond-signed'; readonly signed: number }
  | { readonly outcome: 'not-signed-at'; readonly nearest: readonly number[] };

/** What is exported. */
export interface Exporting {
  readonly standing: Standing;
  readonly tiles: StoredTiles;
  readonly to: number | undefined;
}

/** Entries that are read at once: 8 blocks. */
const PAGE = 8 * TILE_WIDTH;

/** Makes an export up to a size; see the form in `export-file.ts`. */
export async function exportOf(needs: ExportNeeds, { standing, tiles, to }: Exporting): Promise<ExportOutcome> {
  const key = parseVerifierKey(needs.vkey);
  if (!standing.checkpoint || !key.ok) return { outcome: 'nothing-signed' };
  const size = to ?? standing.size;
  if (size > standing.size) return { outcome: 'beyond-signed', signed: standing.size };
  const checkpoint =
    size === standing.size ? standing.checkpoint.note : await checkpointAt(needs, { standing, tiles, size });
  if (checkpoint === undefined) return { outcome: 'not-signed-at', nearest: await signedAround(needs.pool, size) };
  const { name: origin, text: vkey } = key.value;
  const blocks = blocksOf(needs.pool, { standing, tiles, size });
  return { outcome: 'exported', size, lines: exportLines({ origin, vkey, checkpoint, blocks }) };
}

interface ExportedTree {
  readonly standing: Standing;
  readonly tiles: StoredTiles;
  readonly size: number;
}

/** Leaf hashes from the stored tiles, entries from their table: where the one was changed it does not fit the other. */
async function* blocksOf(pool: Pool, { standing, tiles, size }: ExportedTree): AsyncGenerator<ExportBlock> {
  const reader = tiles.readerAt(standing);
  for (let after = 0; after < size; after += PAGE) {
    const upTo = Math.min(size, after + PAGE);
    const wanted = Array.from({ length: Math.ceil((upTo - after) / TILE_WIDTH) }, (_, index) => {
      const tile = { level: 0, index: after / TILE_WIDTH + index };
      return { ...tile, width: tileWidth(tile, size) };
    });
    const [leaves, texts] = await Promise.all([reader.tilesAt(wanted), storedTexts(pool, { after, upTo })]);
    for (const [index, hashes] of leaves.entries()) {
      const before = after + index * TILE_WIDTH;
      const own = texts.filter(({ position }) => position > before && position <= before + hashes.length);
      yield { leaves: hashes, entries: own.map(({ entry }) => entry) };
    }
  }
}

/** The checkpoint that was signed over a size; signs it now where that can be done. */
async function checkpointAt(needs: ExportNeeds, tree: ExportedTree): Promise<string | undefined> {
  const { pool, signer } = needs;
  const stored = await noteAt(pool, tree.size);
  if (stored !== undefined || !signer) return stored;
  const note = await signedLater(signer, tree);
  await pool.query('INSERT INTO audit.checkpoints (size, root, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    tree.size,
    note.root,
    note.text,
  ]);
  return noteAt(pool, tree.size);
}

/** Signs a size that the tree has passed. Says nothing of stream heads: where they were then is not kept. */
async function signedLater(signer: SignerKey, { standing, tiles, size }: ExportedTree) {
  const reader = tileHashReader(tiles.readerAt(standing), standing.size);
  const root = await rootAt(tileHashReader(tiles.readerAt(standing), size), size);
  const span = { from: size, to: standing.size };
  const roots = { fromRoot: root, toRoot: standing.checkpoint?.root ?? root };
  if (!provesConsistency(await consistencyProof(reader, span), { ...span, ...roots }))
    throw new Error(`The stored tiles do not lead from size ${size} to the last checkpoint: nothing is signed.`);
  return { root, text: signCheckpoint({ origin: signer.verifier.name, size, root, extensions: [] }, [signer]) };
}

async function noteAt(pool: Pool, size: number): Promise<string | undefined> {
  const { rows } = await pool.query<{ note: string }>({
    name: 'audit-note-at',
    text: 'SELECT note FROM audit.checkpoints WHERE size = $1',
    values: [size],
  });
  return rows[0]?.note;
}

async function signedAround(pool: Pool, size: number): Promise<readonly number[]> {
  const { rows } = await pool.query<{ size: number }>(
    `SELECT size::float8 AS size FROM (SELECT max(size) AS size FROM audit.checkpoints WHERE size < $1
      UNION ALL SELECT min(size) FROM audit.checkpoints WHERE size > $1) s WHERE size IS NOT NULL ORDER BY 1`,
    [size],
  );
  return rows.map((row) => row.size);
}
