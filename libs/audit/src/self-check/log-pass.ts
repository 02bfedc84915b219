import type { Pool } from 'pg';
import { Turns } from '#runtime/turns';
import type { SignedTree } from '../anchor/anchor.js';
import { openCheckpoint } from '../notes/note-verification.js';
import { previousIn } from '../notes/previous-checkpoint.js';
import { DigestSet } from '../log-check/digest-set.js';
import { EntryCheck } from '../log-check/entry-check.js';
import { type LogFinding, findingAt } from '../log-check/findings.js';
import type { StreamHead } from '../merkle/stream-head.js';
import { base64 } from '../primitives/bytes.js';
import { headsDigest } from '../notes/stream-heads.js';
import { headsIn } from '../notes/heads-line.js';
import { Frontier } from '../merkle/merkle.js';
import { type Hash, sameHash } from '../merkle/tree-hashes.js';
import type { VerifierKey } from '../notes/verifier-key.js';
import {
  type StoredDisclosure,
  type StoredRow,
  readDisclosuresIn,
  readExtent,
  readStoredRows,
} from '../store/log-rows.js';
import type { TreeState } from '../store/tree-state.js';
import { StoredTiles } from '../store/stored-tiles.js';
import type { TileReader } from '../merkle/tile-hash-reader.js';
import { TILE_WIDTH, type Tile, tileWidth } from '../merkle/tiles.js';
import { findHeads, findTexts } from './stored-findings.js';

/** The progress of a pass, and the findings of its last step. */
export interface PassStep {
  /** Entries looked at. */
  readonly position: number;
  /** Found in this step. */
  readonly found: readonly LogFinding[];
}

/** The subject of a pass over the stored log. */
export interface LogPass {
  readonly pool: Pool;
  /** As it stood when the pass began. */
  readonly treeState: TreeState;
  /** The end of each stream then, as it is stored. */
  readonly heads: readonly StreamHead[];
  readonly key: VerifierKey;
  /** The newest checkpoint that was kept out of the database before the pass began; undefined where none is kept. */
  readonly anchored: SignedTree | undefined;
}

/**
 * Hashes the stored log again, a tile at a time, and compares it with all that was kept when it was signed: leaf hashes,
 * columns, streams and times, erasable texts, every signed checkpoint and whether one is missing between them, the digest
 * of stream heads, the heads themselves, and the newest checkpoint that is kept out of the database. One step a tile.
 */
export async function* checkLog({ pool, treeState, heads, key, anchored }: LogPass): AsyncGenerator<PassStep> {
  const check = new LogCheck(key, anchored);
  check.signedBefore(await readCheckpoints(pool, { after: -1, upTo: 0 }));
  yield { position: 0, found: await beyondTheLog(pool, treeState) };
  // Tiles are read again in each pass.
  const reader = new StoredTiles(pool).readerAt(treeState);
  for (let after = 0; after < treeState.size; after += TILE_WIDTH) {
    const tile = { level: 0, index: after / TILE_WIDTH };
    const width = tileWidth(tile, treeState.size);
    const upTo = after + width;
    const [[leaves = []], rows, notes, texts] = await Promise.all([
      leavesOf(reader, { ...tile, width }),
      readStoredRows(pool, { after, upTo }),
      readCheckpoints(pool, { after, upTo }),
      readDisclosuresIn(pool, { after, upTo }),
    ]);
    yield { position: upTo, found: await check.block({ after, upTo, leaves, rows, notes, texts }) };
  }
  yield { position: treeState.size, found: check.end(treeState, heads) };
}

/** The hashes of a tile; none where the tile is not stored, which is found out then. */
const leavesOf = (reader: TileReader, tile: Tile): Promise<readonly (readonly Hash[])[]> =>
  reader.tilesAt([tile]).catch((error: unknown) => {
    if (error instanceof RangeError) return [];
    throw error;
  });

/** Entries where none can be, and a log that ends before it was signed. */
async function beyondTheLog(pool: Pool, { size }: TreeState): Promise<readonly LogFinding[]> {
  const { first, last, head } = await readExtent(pool);
  const end = `The log ends at ${head}`;
  return [
    ...(first !== null && first < 1 ? [findingAt(first, 'entry-outside', 'It is before the first position.')] : []),
    ...(last !== null && last > head ? [findingAt(last, 'entry-outside', `${end}, before it.`)] : []),
    ...(head < size ? [findingAt(head + 1, 'entry-missing', `${end}, and was signed up to ${size}.`)] : []),
  ];
}

interface Signed {
  readonly size: number;
  readonly root: Hash;
  readonly note: string;
}

async function readCheckpoints(
  pool: Pool,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<readonly Signed[]> {
  const { rows } = await pool.query<{ size: number; root: Buffer; note: string }>({
    name: 'audit-signed-in',
    text: 'SELECT size::float8 AS size, root, note FROM audit.checkpoints WHERE size > $1 AND size <= $2',
    values: [after, upTo],
  });
  return rows;
}

interface Block {
  readonly after: number;
  readonly upTo: number;
  readonly leaves: readonly Hash[];
  readonly rows: readonly StoredRow[];
  readonly notes: readonly Signed[];
  readonly texts: readonly StoredDisclosure[];
}

class LogCheck {
  readonly #tree = new Frontier();
  readonly #check = new EntryCheck({ keys: new DigestSet(0) });
  /** Sizes over which a checkpoint is stored. */
  readonly #signed = new Set<number>();

  constructor(
    private readonly key: VerifierKey,
    private readonly anchored: SignedTree | undefined,
  ) {}

  /** Notes checkpoints over no entries. */
  signedBefore(notes: readonly Signed[]): void {
    for (const { size } of notes) this.#signed.add(size);
  }

  async block({ after, upTo, leaves: stored, rows, notes, texts }: Block): Promise<readonly LogFinding[]> {
    const found: LogFinding[] = [];
    if (stored.length === 0) found.push(findingAt(after + 1, 'tile-missing', `${after + 1} to ${upTo}`));
    const leaves = stored.length > 0 ? stored : Array.from({ length: upTo - after }, () => undefined);
    const textsAt = new Map(texts.map(({ position: at }) => [at, texts.filter((text) => text.position === at)]));
    const signed = new Map(notes.map((note) => [note.size, note]));
    const byPosition = new Map(rows.map((row) => [row.position, row]));
    const turns = new Turns();
    for (const [index, listed] of leaves.entries()) {
      if (turns.isOver) await turns.next();
      const position = after + index + 1;
      found.push(...this.#entry({ position, row: byPosition.get(position), listed }, textsAt.get(position) ?? []));
      const note = signed.get(position);
      if (note) found.push(...this.#checkpoint(note));
      if (this.anchored?.size === position) found.push(...this.#anchor(this.anchored));
    }
    return found;
  }

  /** At the end: whether there is a checkpoint, and its digest of stream heads; the heads as they are stored. */
  end({ checkpoint, size }: TreeState, heads: readonly StreamHead[]): readonly LogFinding[] {
    if (size === 0) return [];
    const { isInOrder, chain } = this.#check;
    const stored = isInOrder ? findHeads(heads, chain.heads()) : [];
    const opened = checkpoint && openCheckpoint(checkpoint.note, this.key);
    if (!opened) return [findingAt(size, 'checkpoint-missing', `None over ${size} entries is stored.`), ...stored];
    if (!opened.ok || !isInOrder) return stored;
    const stated = headsIn(opened.value.extensions);
    const isRight = stated.ok && (!stated.value || sameHash(stated.value.root, headsDigest(chain.heads()).root));
    return isRight ? stored : [findingAt(null, 'heads-differ'), ...stored];
  }

  /** The newest checkpoint kept out of the database. */
  #anchor({ size, root }: SignedTree): readonly LogFinding[] {
    return base64(this.#tree.root()) === root ? [] : [findingAt(size, 'anchor-differs', `It is over ${size} entries.`)];
  }

  #entry({ position, row, listed }: EntryInBlock, texts: readonly StoredDisclosure[]): readonly LogFinding[] {
    const text = row && Buffer.from(row.entry, 'utf8');
    const { leaf, content, findings } = this.#check.check({ position, text, leaf: listed, columns: row });
    this.#tree.append(leaf);
    return [...findings, ...findTexts(position, content, texts)];
  }

  #checkpoint(signed: Signed): readonly LogFinding[] {
    const previous = previousOf(signed, this.key);
    this.#signed.add(signed.size);
    const isMissing = previous !== undefined && !this.#signed.has(previous);
    const detail = `It was over ${previous} entries: the one over ${signed.size} names it.`;
    return [...(isMissing ? [findingAt(previous, 'checkpoint-missing', detail)] : []), ...this.#root(signed)];
  }

  #root({ size, root, note }: Signed): readonly LogFinding[] {
    const opened = openCheckpoint(note, this.key);
    if (!opened.ok || opened.value.size !== size || !sameHash(opened.value.root, root)) {
      const detail = `It is stored as one over ${size} entries. ${opened.ok ? '' : opened.message}`;
      return [findingAt(size, 'checkpoint-unreadable', detail)];
    }
    if (sameHash(this.#tree.root(), root)) return [];
    const detail = this.#check.isAsSigned ? '' : 'The stored leaf hashes are not those that were signed either.';
    return [findingAt(size, 'root-differs', `It is over ${size} entries. ${detail}`)];
  }
}

/** An entry in its block: its row, and the leaf hash that is stored for it. */
interface EntryInBlock {
  readonly position: number;
  readonly row: StoredRow | undefined;
  readonly listed: Hash | undefined;
}

function previousOf({ note }: Signed, key: VerifierKey): number | undefined {
  const opened = openCheckpoint(note, key);
  return opened.ok ? previousIn(opened.value.extensions) : undefined;
}
