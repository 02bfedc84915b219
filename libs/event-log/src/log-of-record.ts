import type { Pool } from 'pg';
import { settledSetting } from './postgres/settings.js';

const SETTING = 'log';

/** Where a log is kept. */
export type LogKind = 'postgres' | 'kurrentdb';

const SAID: Readonly<Record<LogKind, readonly [asked: string, instead: string]>> = {
  postgres: ['KURRENTDB_URL is not set', 'with KURRENTDB_URL'],
  kurrentdb: ['KURRENTDB_URL is set', 'without it'],
};

/**
 * Settles where the log of a database is kept, at its first start. Answers why a process that keeps it elsewhere cannot
 * start; undefined where it can.
 */
export async function otherLogOfRecord(pool: Pool, kind: LogKind): Promise<string | undefined> {
  const kept = await settledSetting(pool, SETTING, kind);
  if (kept === kind) return undefined;
  const [asked, instead] = SAID[kind];
  const where = kept === 'postgres' ? 'PostgreSQL' : 'KurrentDB';
  return `${asked}, but the log of this database is kept in ${where}. Start ${instead}, or move the log first: npm run switch-log (docs/cluster.md).`;
}
