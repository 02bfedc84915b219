import type { Pool } from 'pg';

/**
 * The value under which a log was first started, for a setting that may never change.
 *
 * Stores `value` when there is none yet; answers what is stored.
 */
export async function settleSetting(pool: Pool, name: string, value: string): Promise<string> {
  await pool.query('INSERT INTO log.settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [name, value]);
  return (await readSetting(pool, name)) ?? value;
}

/** The value of a setting; undefined while there is none. */
export async function readSetting(pool: Pool, name: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ value: string }>('SELECT value FROM log.settings WHERE name = $1', [name]);
  return rows[0]?.value;
}
