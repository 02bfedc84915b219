import type { Pool } from 'pg';
import {
  assertKnownForms,
  createPostgresEventLog,
  type EventLog,
  LogUnavailableError,
  postgresReads,
} from '#event-log/adapter';
import { createKurrentEventLog } from '../append/kurrentdb-event-log.js';
import type { EventStore } from '../store/store.js';
import { openEventStore } from '../store/kurrentdb-store.js';
import { settleLogSetting } from './log-setting.js';

/** The settings with which a process opens its log. */
export interface ConfiguredLogNeeds {
  /** Works as the application's role; the caller's to end. */
  readonly pool: Pool;
  /** Connection string of KurrentDB, where the log is kept there. */
  readonly kurrentUrl?: string | undefined;
  /** Called when the connection to KurrentDB is lost. */
  readonly onLost: (error: Error) => void;
  /**
   * Called where KurrentDB cannot be reached at the start, with whether anything of the log was ever copied. What it throws
   * ends the start; else the log is opened, and answers what was copied.
   */
  readonly onUnreachable: (copy: { readonly isEmpty: boolean }) => void;
}

/**
 * Opens the log where it is kept: in KurrentDB with a connection string, else in PostgreSQL. Its end closes what it opened.
 *
 * The first start of a database settles which one it is. Throws LogStartError where that was the other one:
 * appends would go past the log that is there. So it does where a newer version recorded what this one cannot read.
 */
export async function openConfiguredLog(needs: ConfiguredLogNeeds): Promise<EventLog> {
  const { pool, kurrentUrl, onLost, onUnreachable } = needs;
  if (kurrentUrl === undefined) {
    await settleLogSetting(pool, 'postgres');
    await assertKnownForms(pool);
    return createPostgresEventLog({ pool });
  }
  const store = openEventStore({ url: kurrentUrl, onLost });
  try {
    // Before it is settled that the log is kept there.
    if (!(await isReachable(store))) onUnreachable({ isEmpty: (await postgresReads(pool).head()).position === 0 });
    await settleLogSetting(pool, 'kurrentdb');
    await assertKnownForms(pool);
  } catch (error) {
    await store.close();
    throw error;
  }
  const log = createKurrentEventLog({ pool, store });
  return {
    ...log,
    close: async () => {
      await log.close();
      await store.close();
    },
  };
}

async function isReachable(store: Pick<EventStore, 'describeServer'>): Promise<boolean> {
  try {
    await store.describeServer();
    return true;
  } catch (error) {
    if (error instanceof LogUnavailableError) return false;
    throw error;
  }
}
