import type { Pool } from 'pg';
import { createPostgresEventLog, type EventLog, LogStartError, settledSetting } from '#event-log/adapter';
import { createKurrentEventLog } from '../append/kurrentdb-event-log.js';
import { openEventStore } from '../store/kurrentdb-store.js';

/** The setting that says where the log is kept. */
export const SETTING = 'log';

/** Where a log is kept. */
export type LogKind = 'postgres' | 'kurrentdb';

/** What a process opens its log with. */
export interface LogOfRecordNeeds {
  /** Works as the application's role; the caller's to end. */
  readonly pool: Pool;
  /** Connection string of KurrentDB, where the log is kept there. */
  readonly kurrentUrl?: string | undefined;
  /** Told that KurrentDB was lost for a while. */
  readonly onLost: (error: Error) => void;
}

/**
 * Opens the log where it is kept: in KurrentDB with a connection string, else in PostgreSQL. Its end closes what it opened.
 *
 * The first start of a database settles which one it is. Throws {@link LogStartError} where that was the other one:
 * appends would go past the log that is there.
 */
export async function openLogOfRecord({ pool, kurrentUrl, onLost }: LogOfRecordNeeds): Promise<EventLog> {
  await settleLogOfRecord(pool, kurrentUrl === undefined ? 'postgres' : 'kurrentdb');
  if (kurrentUrl === undefined) return createPostgresEventLog({ pool });
  const store = openEventStore({ url: kurrentUrl, onLost });
  const log = createKurrentEventLog({ pool, store });
  return {
    ...log,
    close: async () => {
      await log.close();
      await store.close();
    },
  };
}

/** What the setting says while a log is being moved: nobody writes. */
export const movingTo = (kind: LogKind): string => `${MOVING}${kind}`;

const MOVING = 'moving-to-';

const SAID: Readonly<Record<LogKind, readonly [asked: string, instead: string]>> = {
  postgres: ['KURRENTDB_URL is not set', 'with KURRENTDB_URL'],
  kurrentdb: ['KURRENTDB_URL is set', 'without it'],
};

/** Settles at the first start where a database's log is kept; throws {@link LogStartError} where that was elsewhere. */
export async function settleLogOfRecord(pool: Pool, kind: LogKind): Promise<void> {
  const kept = await settledSetting(pool, SETTING, kind);
  if (kept === kind) return;
  if (kept.startsWith(MOVING))
    throw new LogStartError(
      'The log of this database is being moved. Wait for npm run switch-log to end; if it was broken off, run it again, or back to where the log was.',
    );
  const [asked, instead] = SAID[kind];
  const where = kept === 'postgres' ? 'PostgreSQL' : 'KurrentDB';
  throw new LogStartError(
    `${asked}, but the log of this database is kept in ${where}. Start ${instead}, or move the log first: npm run switch-log (see docs/cluster.md).`,
  );
}
