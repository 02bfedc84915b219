import type { Pool } from 'pg';
import { inTransaction } from '#postgres';
import { LogStartError, settleSetting } from '#event-log/adapter';

/** The setting that says where the log is kept. */
export const SETTING = 'log';

/** The store that a log is kept in. */
export type LogKind = 'postgres' | 'kurrentdb';

/** The value of the setting while a log is being moved and nobody writes. */
export const settingWhileMovingTo = (kind: LogKind): string => `${MOVING}${kind}`;

const MOVING = 'moving-to-';

const HINTS: Readonly<Record<LogKind, readonly [asked: string, instead: string]>> = {
  postgres: ['KURRENTDB_URL is not set', 'with KURRENTDB_URL'],
  kurrentdb: ['KURRENTDB_URL is set', 'without it'],
};

/** Settles at the first start where a database's log is kept; throws {@link LogStartError} where that was elsewhere. */
export async function settleLogSetting(pool: Pool, kind: LogKind): Promise<void> {
  const kept = await settleSetting(pool, SETTING, kind);
  if (kept === kind) return;
  if (kept.startsWith(MOVING))
    throw new LogStartError(
      'The log of this database is being moved. Wait for npm run switch-log to finish; if it was interrupted, run it again, or run it back to where the log was.',
    );
  const [asked, instead] = HINTS[kind];
  const where = kept === 'postgres' ? 'PostgreSQL' : 'KurrentDB';
  throw new LogStartError(
    `${asked}, but the log of this database is kept in ${where}. Start ${instead}, or move the log first: npm run switch-log (see docs/cluster.md).`,
  );
}

/** The database of a log; its pool works as the owner of the log, not as the application. */
interface Database {
  readonly pool: Pool;
}

/** Lets nobody write any more: neither into the log, nor, through this database, into the store. */
export const holdWrites = ({ pool }: Database, to: LogKind): Promise<void> =>
  writeLogSetting(pool, settingWhileMovingTo(to));

/** Sets the store that the log is kept in from now on. */
export const keepLogIn = ({ pool }: Database, kind: LogKind): Promise<void> => writeLogSetting(pool, kind);

/** The store that the log is kept in, or was kept in before the move that is under way. */
export async function readLogSetting({ pool }: Database): Promise<{ kind: LogKind; isMoving: boolean }> {
  const { rows } = await pool.query<{ value: string }>('SELECT value FROM log.settings WHERE name = $1', [SETTING]);
  const value = rows[0]?.value ?? 'postgres';
  if (value === settingWhileMovingTo('kurrentdb')) return { kind: 'postgres', isMoving: true };
  if (value === settingWhileMovingTo('postgres')) return { kind: 'kurrentdb', isMoving: true };
  return { kind: value === 'kurrentdb' ? 'kurrentdb' : 'postgres', isMoving: false };
}

/** Under the lock of the head: an append under way ends before, and whatever comes after sees the setting. */
const writeLogSetting = (pool: Pool, value: string): Promise<void> =>
  inTransaction(pool, async (client) => {
    await client.query('SELECT FROM log.head FOR UPDATE');
    await client.query(
      'INSERT INTO log.settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value',
      [SETTING, value],
    );
  });
