import type { PoolClient } from 'pg';
import { inTransaction } from '#postgres';
import type { StorePosition } from '../store/store.js';
import { type ComparedEntry, type LogMove, MOVE_PAGE, compareWithStore } from './compare-with-store.js';

/** Notes where the store has each entry, so that a sequencer goes on behind the last, and a guard can compare. */
export async function noteStorePositions(move: LogMove): Promise<void> {
  await inTransaction(move.pool, async (client) => {
    await client.query('ALTER TABLE log.mirrored DISABLE TRIGGER mirrored_only_grow');
    await client.query('TRUNCATE log.mirrored');
    await client.query('ALTER TABLE log.mirrored ENABLE TRIGGER mirrored_only_grow');
    let entries: ComparedEntry[] = [];
    let last: StorePosition | undefined;
    for await (const compared of compareWithStore(move)) {
      entries.push(compared);
      last = compared.record?.at ?? last;
      if (entries.length < MOVE_PAGE) continue;
      await insertStorePositions(client, entries);
      entries = [];
    }
    await insertStorePositions(client, entries);
    await client.query('UPDATE log.sequencer SET owner = NULL, store_commit = $1, store_prepare = $2', [
      last?.commit.toString() ?? null,
      last?.prepare.toString() ?? null,
    ]);
    await client.query('UPDATE log.guard SET limits_commit = NULL, limits_prepare = NULL');
    await client.query('DELETE FROM log.store_limits');
  });
}

async function insertStorePositions(client: PoolClient, entries: readonly ComparedEntry[]): Promise<void> {
  const known = entries.flatMap(({ position, record }) => (record ? [{ position, record }] : []));
  await client.query(
    `INSERT INTO log.mirrored (position, store_commit, store_prepare, store_created_at)
     SELECT p.position, p.commit, p.prepare, to_timestamp(p.ms / 1000)
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::double precision[]) AS p(position, commit, prepare, ms)`,
    [
      known.map(({ position }) => position),
      known.map(({ record }) => record.at.commit.toString()),
      known.map(({ record }) => record.at.prepare.toString()),
      known.map(({ record }) => record.createdMs),
    ],
  );
}

/** True when the log has everything that the store has. */
export async function hasCopiedAll({ pool, store }: LogMove): Promise<boolean> {
  const { rows } = await pool.query<{ commit: string | null; prepare: string | null }>(
    'SELECT store_commit AS commit, store_prepare AS prepare FROM log.sequencer',
  );
  const [{ commit, prepare } = { commit: null, prepare: null }] = rows;
  const after = commit === null || prepare === null ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare) };
  return (await store.readAll({ ...(after ? { after } : {}), limit: 1 })).length === 0;
}
