import type { Pool } from 'pg';
import { Frontier, leafHash, openCheckpoint, parseVerifierKey, sameHash } from '#audit';
import type { Proof } from './proofs.js';

interface SignedRow {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

const CHECKPOINTS = 'SELECT size::float8 AS size, root, note FROM audit.checkpoints WHERE size > $1 ORDER BY size';

/** Every checkpoint that was there to be seen while everything failed, by size. */
export class SeenCheckpoints {
  readonly notes = new Map<number, string>();
  #last = -1;

  /** Notes what was signed since it was called last. */
  async look(pool: Pool): Promise<void> {
    const { rows } = await pool.query<SignedRow>(CHECKPOINTS, [this.#last]);
    for (const { size, note } of rows) this.notes.set(size, note);
    this.#last = rows.at(-1)?.size ?? this.#last;
  }
}

/** How far the audit's follower has come. */
export async function readSignedSize(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ size: number }>('SELECT position::float8 AS size FROM audit.follower');
  return rows[0]?.size ?? -1;
}

/** There was never another root for a size than the log comes to, nor a second note. */
export async function oneRootASize(pool: Pool, seen: SeenCheckpoints, head: number): Promise<Proof> {
  const { rows: signed } = await pool.query<SignedRow>(CHECKPOINTS, [-1]);
  const { rows: settled } = await pool.query<{ value: string }>(
    "SELECT value FROM log.settings WHERE name = 'audit-key'",
  );
  return {
    claim: `each of ${signed.length} signed sizes has one root, that of the log, and ${seen.notes.size} were never seen otherwise`,
    against: [
      ...(await againstRoots(pool, signed, settled[0]?.value ?? '')),
      ...againstNotes(signed, seen.notes),
      ...(signed.at(-1)?.size === head ? [] : [`the last is over ${signed.at(-1)?.size}, the log ends at ${head}`]),
    ],
  };
}

const PAGE = 5_000;

async function againstRoots(pool: Pool, signed: readonly SignedRow[], vkey: string): Promise<readonly string[]> {
  const key = parseVerifierKey(vkey);
  if (!key.ok) return [`the settled key is none: ${key.message}`];
  const tree = new Frontier();
  const against: string[] = [];
  const expected = new Map(signed.map((row) => [row.size, row]));
  const compare = (): void => {
    const row = expected.get(tree.size);
    if (!row) return;
    const opened = openCheckpoint(row.note, key.value);
    if (!opened.ok || opened.value.size !== row.size || !sameHash(opened.value.root, row.root))
      against.push(`the note over ${row.size} is not a signature of its root`);
    if (!sameHash(row.root, tree.root())) against.push(`the root over ${row.size} is not that of the log`);
    expected.delete(tree.size);
  };
  compare();
  for (let more = true; more;) {
    const { rows } = await pool.query<{ entry: string }>(
      'SELECT entry FROM log.events WHERE position > $1 ORDER BY position LIMIT $2',
      [tree.size, PAGE],
    );
    for (const { entry } of rows) {
      tree.append(leafHash(Buffer.from(entry, 'utf8')));
      compare();
    }
    more = rows.length === PAGE;
  }
  return [...against, ...[...expected.keys()].map((size) => `${size} was signed, beyond the log`)];
}

const againstNotes = (signed: readonly SignedRow[], seen: ReadonlyMap<number, string>): readonly string[] => {
  const there = new Map(signed.map(({ size, note }) => [size, note]));
  return [...seen].flatMap(([size, note]) =>
    there.get(size) === note ? [] : [`the checkpoint over ${size} was seen, and is not there any more as it was`],
  );
};
