import { setImmediate } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { SignedTree } from '../anchor/anchor.js';
import { openCheckpoint } from '../notes/checkpoint.js';
import { previousIn } from '../notes/checkpoint-chain.js';
import { DigestSet } from '../log-check/digest-set.js';
import { EntryChain } from '../log-check/entry-chain.js';
import { columnFault } from '../log-check/entry-columns.js';
import { readEntryText } from '../log-check/entry-text.js';
import { type StreamHead } from '../merkle/heads-tree.js';
import { base64 } from '../merkle/reading.js';
import { headsDigest, headsIn } from '../notes/stream-heads.js';
import { Frontier, HASH_BYTES, type Hash, leafHash, sameHash } from '../merkle/merkle.js';
import type { VerifierKey } from '../notes/note-keys.js';
import { type StoredDisclosure, type StoredRow, disclosuresIn, storedExtent, storedRows } from '../store/log-rows.js';
import type { Standing } from '../store/standing.js';
import { StoredTiles } from '../store/stored-tiles.js';
import type { TileReader } from '../merkle/tile-hash-reader.js';
import { TILE_WIDTH, type Tile, tileWidth } from '../merkle/tiles.js';
import { type Found, headsFault, textFaults } from './row-faults.js';

/** What a pass has come to so far. */
export interface PassStep {
  /** Entries looked at. */
  readonly position: number;
  /** Found in this step. */
  readonly found: readonly Found[];
}

/** What a pass over the stored log looks at. */
export interface PassOver {
  readonly pool: Pool;
  /** As it stood when the pass began. */
  readonly standing: Standing;
  /** Where each stream ended then, as it is stored. */
  readonly heads: readonly StreamHead[];
  readonly key: VerifierKey;
  /** The newest checkpoint that was kept out of the database before the pass began; undefined where none is kept. */
  readonly anchored: SignedTree | undefined;
}

/** After so many entries others get their turn: about two milliseconds. */
const BREATH = 64;

/**
 * Hashes the stored log anew, a tile at a time, and compares it with all that was kept when it was signed: leaf hashes,
 * columns, streams and times, erasable texts, every signed checkpoint and whether one is missing between them, the digest
 * of stream heads, the heads themselves, and the newest checkpoint that is kept out of the database. One step a tile.
 */
export async function* passOver({ pool, standing, heads, key, anchored }: PassOver): AsyncGenerator<PassStep> {
  const check = new LogCheck(key, anchored);
  check.signedBefore(await signedIn(pool, { after: -1, upTo: 0 }));
  yield { position: 0, found: await beyondTheLog(pool, standing) };
  // Tiles are read anew in each pass.
  const reader = new StoredTiles(pool).readerAt(standing);
  for (let after = 0; after < standing.size; after += TILE_WIDTH) {
    const tile = { level: 0, index: after / TILE_WIDTH };
    const width = tileWidth(tile, standing.size);
    const upTo = after + width;
    const [[leaves = []], rows, notes, texts] = await Promise.all([
      leavesOf(reader, { ...tile, width }),
      storedRows(pool, { after, upTo }),
      signedIn(pool, { after, upTo }),
      disclosuresIn(pool, { after, upTo }),
    ]);
    yield { position: upTo, found: await check.block({ after, upTo, leaves, rows, notes, texts }) };
  }
  yield { position: standing.size, found: check.end(standing, heads) };
}

/** The hashes of a tile; none where the tile is not stored, which is found out then. */
const leavesOf = (reader: TileReader, tile: Tile): Promise<readonly (readonly Hash[])[]> =>
  reader.tilesAt([tile]).catch((error: unknown) => {
    if (error instanceof RangeError) return [];
    throw error;
  });

/** Entries where none can be, and a log that ends before it was signed. */
async function beyondTheLog(pool: Pool, { size }: Standing): Promise<readonly Found[]> {
  const { first, last, head } = await storedExtent(pool);
  return [
    ...(first !== null && first < 1
      ? [{ position: first, reason: 'entry-outside', message: 'An entry stands before the first position.' }]
      : []),
    ...(last !== null && last > head
      ? [{ position: last, reason: 'entry-outside', message: `An entry stands beyond the log's end, ${head}.` }]
      : []),
    ...(head < size
      ? [
          {
            position: head + 1,
            reason: 'entry-missing',
            message: `The log ends at ${head}, and was signed up to ${size}.`,
          },
        ]
      : []),
  ];
}

interface Signed {
  readonly size: number;
  readonly root: Hash;
  readonly note: string;
}

async function signedIn(
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
  readonly #chain = new EntryChain({ keys: new DigestSet(0) });
  /** After the first break in the order of the log, what follows is out of order as well. */
  #isOrdered = true;
  /** After the first entry that is not the signed one, roots differ as well. */
  #isWhole = true;
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

  async block({ after, upTo, leaves: stored, rows, notes, texts }: Block): Promise<readonly Found[]> {
    const found: Found[] = [];
    if (stored.length === 0)
      found.push({
        position: after + 1,
        reason: 'tile-missing',
        message: `The hashes of the positions from ${after + 1} to ${upTo} are missing.`,
      });
    const leaves = stored.length > 0 ? stored : Array.from({ length: upTo - after }, () => undefined);
    const textsAt = new Map(texts.map(({ position: at }) => [at, texts.filter((text) => text.position === at)]));
    const signed = new Map(notes.map((note) => [note.size, note]));
    const byPosition = new Map(rows.map((row) => [row.position, row]));
    for (const [index, listed] of leaves.entries()) {
      if (index % BREATH === 0) await setImmediate();
      const position = after + index + 1;
      const row = byPosition.get(position);
      found.push(...this.#entry(position, row, listed), ...textFaults(position, row, textsAt.get(position) ?? []));
      const note = signed.get(position);
      if (note) found.push(...this.#checkpoint(note));
      if (this.anchored?.size === position) found.push(...this.#anchor(this.anchored));
    }
    return found;
  }

  /** At the end: whether there is a checkpoint, and its digest of stream heads; the heads as they are stored. */
  end({ checkpoint, size }: Standing, heads: readonly StreamHead[]): readonly Found[] {
    if (size === 0) return [];
    const stored = this.#isOrdered ? headsFault(heads, this.#chain.heads()) : [];
    const opened = checkpoint && openCheckpoint(checkpoint.note, this.key);
    if (!opened)
      return [
        { position: size, reason: 'checkpoint-missing', message: `No checkpoint is there over ${size}.` },
        ...stored,
      ];
    if (!opened.ok || !this.#isOrdered) return stored;
    const stated = headsIn(opened.value.extensions);
    const isRight = stated.ok && stated.value && sameHash(stated.value.root, headsDigest(this.#chain.heads()).root);
    return isRight || (stated.ok && !stated.value)
      ? stored
      : [
          { position: null, reason: 'heads-differ', message: 'Streams end elsewhere than the last checkpoint says.' },
          ...stored,
        ];
  }

  /** The newest checkpoint kept out of the database. */
  #anchor({ size, root }: SignedTree): readonly Found[] {
    if (base64(this.#tree.root()) === root) return [];
    const message = `The newest checkpoint kept beside the key, over ${size}, has another root than the log up to there.`;
    return [{ position: size, reason: 'anchor-differs', message }];
  }

  #entry(position: number, row: StoredRow | undefined, listed: Hash | undefined): readonly Found[] {
    if (!row) {
      this.#differs(listed);
      return [{ position, reason: 'entry-missing', message: 'The entry is missing.' }];
    }
    const bytes = Buffer.from(row.entry, 'utf8');
    const leaf = leafHash(bytes);
    if (listed && !sameHash(leaf, listed)) {
      this.#differs(listed);
      return [{ position, reason: 'leaf-differs', message: 'The entry does not hash to its leaf: it was changed.' }];
    }
    this.#tree.append(leaf);
    return this.#content(position, row, bytes);
  }

  /** Goes on with the leaf that was signed. */
  #differs(listed: Hash | undefined): void {
    this.#tree.append(listed ?? NO_HASH);
    this.#isOrdered = false;
    this.#isWhole = false;
  }

  #content(position: number, row: StoredRow, bytes: Uint8Array): readonly Found[] {
    const content = readEntryText(bytes);
    if (!content.ok) {
      this.#isOrdered = false;
      return [{ position, reason: 'not-an-entry', message: content.message }];
    }
    const columns = columnFault(row, content.value);
    const broken = this.#isOrdered ? this.#chain.take(content.value) : undefined;
    if (broken) this.#isOrdered = false;
    return [
      ...(columns === undefined ? [] : [{ position, reason: 'columns-differ', message: columns }]),
      ...(broken ? [{ position, ...broken }] : []),
    ];
  }

  #checkpoint(signed: Signed): readonly Found[] {
    const previous = previousOf(signed, this.key);
    this.#signed.add(signed.size);
    const missing =
      previous === undefined || this.#signed.has(previous)
        ? []
        : [
            {
              position: previous,
              reason: 'checkpoint-missing',
              message: `The checkpoint over ${previous} is missing: the one over ${signed.size} names it.`,
            },
          ];
    return [...missing, ...this.#root(signed)];
  }

  #root({ size, root, note }: Signed): readonly Found[] {
    const opened = openCheckpoint(note, this.key);
    if (!opened.ok || opened.value.size !== size || !sameHash(opened.value.root, root))
      return [
        {
          position: size,
          reason: 'checkpoint-unreadable',
          message: `The checkpoint over ${size} is not what was signed. ${opened.ok ? '' : opened.message}`.trimEnd(),
        },
      ];
    if (sameHash(this.#tree.root(), root)) return [];
    const message = this.#isWhole
      ? `The checkpoint over ${size} has another root than the entries up to there.`
      : `The stored leaf hashes up to ${size} are not those that were signed either.`;
    return [{ position: size, reason: 'root-differs', message }];
  }
}

/** Stands for a leaf that nothing is known of. */
const NO_HASH: Hash = new Uint8Array(HASH_BYTES);

function previousOf({ note }: Signed, key: VerifierKey): number | undefined {
  const opened = openCheckpoint(note, key);
  return opened.ok ? previousIn(opened.value.extensions) : undefined;
}
