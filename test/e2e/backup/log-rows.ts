import pg from 'pg';
import { migrateAudit } from '#audit';
import { migrateCitations } from '#citations';
import { migrateLog } from '#kurrentdb-log';

/** An empty database into which a backup can be restored. */
export const targetTemplate = {
  name: 'backup_target',
  prepare: async (url: string) => {
    await migrateLog(url);
    await migrateAudit(url);
    await migrateCitations(url);
  },
};

/** What a statement answers, by a connection of its own. */
export async function rowsOf(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Readonly<Record<string, unknown>>>(statement).finally(() => client.end());
  return rows;
}

/** Every row that a restored log must have as the log that it is from. */
export const allRows = (url: string) =>
  Promise.all(
    [
      'log.events ORDER BY position',
      'log.head',
      'log.idempotency_keys ORDER BY idempotency_key',
      'log.erasable ORDER BY position, pointer',
      'log.settings ORDER BY name',
      'audit.checkpoints ORDER BY size',
      'audit.tiles ORDER BY level, index',
      'audit.heads ORDER BY stream',
      'citation.citations ORDER BY id',
    ].map((table) => rowsOf(url, `SELECT * FROM ${table}`)),
  );
