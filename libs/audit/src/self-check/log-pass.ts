import { setImmediate } from 'node:timers/promises';
import type { Pool } from 'pg';
import { openCheckpoint } from '../checkpoint.js';
import { DigestSet } from '../digest-set.js';
import { EntryChain } from '../entry-chain.js';
import { columnFault } from '../entry-columns.js';
import { readEntryText } from '../entry-text.js';
import { headsDigest, headsIn } from '../stream-heads.js';
import { Frontier, type Hash, leafHash, sameHash } from '../merkle.js';
import type { VerifierKey } from '../note-keys.js';
import { type StoredRow, storedExtent, storedRows } from '../store/log-rows.js';
import type { Standing } from '../store/standing.js';
import { StoredTiles } from '../store/stored-tiles.js';
import { TILE_WIDTH, tileWidth } from '../tiles.js';

/** Something that is not as it was signed, and where. */
export interface Found {
  readonly position: number | null;
  readonly reason: string;
  readonly message: string;
}

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
  readonly key: VerifierKey;
}

/** After so many entries others get their turn: about two milliseconds. */
const BREATH = 64;

/**
 * Hashes the stored log anew, a tile at a time, and compares it with all that was kept when it was signed: leaf hashes,
 * columns, streams and times, every signed checkpoint, the digest of stream heads. One step a tile.
 */
export async function* passOver({ pool, standing, key }: PassOver): AsyncGenerator<PassStep> {
  const check = new LogCheck(key);
  yield { position: 0, found: await beyondTheLog(pool, standing) };
  // Tiles are read anew in each pass.
  const reader = new StoredTiles(pool).readerAt(standing);
  for (let after = 0; after < standing.size; after += TILE_WIDTH) {
    const tile = { level: 0, index: after / TILE_WIDTH };
    const width = tileWidth(tile, standing.size);
    const upTo = after + width;
    const [[leaves = []], rows, notes] = await Promise.all([
      reader.tilesAt([{ ...tile, width }]),
      storedRows(pool, { after, upTo }),
      signedIn(pool, { after, upTo }),
    ]);
    yield { position: upTo, found: await check.block({ after, leaves, rows, notes }) };
  }
  yield { position: standing.size, found: check.end(standing) };
}

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
  readonly leaves: readonly Hash[];
  readonly rows: readonly StoredRow[];
  readonly notes: readonly Signed[];
}

class LogCheck {
  readonly #tree = new Frontier();
  readonly #chain = new EntryChain({ keys: new DigestSet(0) });
  /** After the first break in the order of the log, what follows is out of order as well. */
  #isOrdered = true;
  /** After the first entry that is not the signed one, roots differ as well. */
  #isWhole = true;

  constructor(private readonly key: VerifierKey) {}

  async block({ after, leaves, rows, notes }: Block): Promise<readonly Found[]> {
    const found: Found[] = [];
    const signed = new Map(notes.map((note) => [note.size, note]));
    const byPosition = new Map(rows.map((row) => [row.position, row]));
    for (const [index, listed] of leaves.entries()) {
      if (index % BREATH === 0) await setImmediate();
      const position = after + index + 1;
      found.push(...this.#entry(position, byPosition.get(position), listed));
      const note = signed.get(position);
      if (note) found.push(...this.#checkpoint(note));
    }
    return found;
  }

  /** At the end: the digest of stream heads in the last checkpoint. */
  end({ checkpoint, size }: Standing): readonly Found[] {
    if (size === 0) return [];
    const opened = checkpoint && openCheckpoint(checkpoint.note, this.key);
    if (!opened)
      return [{ position: size, reason: 'checkpoint-missing', message: `No checkpoint is there over ${size}.` }];
    if (!opened.ok || !this.#isOrdered) return [];
    const stated = headsIn(opened.value.extensions);
    const isRight = stated.ok && stated.value && sameHash(stated.value.root, headsDigest(this.#chain.heads()).root);
    return isRight || (stated.ok && !stated.value)
      ? []
      : [{ position: null, reason: 'heads-differ', message: 'Streams end elsewhere than the last checkpoint says.' }];
  }

  #entry(position: number, row: StoredRow | undefined, listed: Hash): readonly Found[] {
    if (!row) {
      this.#differs(listed);
      return [{ position, reason: 'entry-missing', message: 'The entry is missing.' }];
    }
    const bytes = Buffer.from(row.entry, 'utf8');
    const leaf = leafHash(bytes);
    if (!sameHash(leaf, listed)) {
      this.#differs(listed);
      return [{ position, reason: 'leaf-differs', message: 'The entry does not hash to its leaf: it was changed.' }];
    }
    this.#tree.append(leaf);
    return this.#content(position, row, bytes);
  }

  /** Goes on with the leaf that was signed. */
  #differs(listed: Hash): void {
    this.#tree.append(listed);
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

  #checkpoint({ size, root, note }: Signed): readonly Found[] {
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
