import type { Pool } from 'pg';
import { assertKnownForms, createPostgresEventLog, type EventLog } from '#event-log/adapter';
import { createKurrentEventLog } from '../append/kurrentdb-event-log.js';
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
}

/**
 * Opens the log where it is kept: in KurrentDB with a connection string, else in PostgreSQL. Its end closes what it opened.
 *
 * The first start of a database settles which one it is. Throws LogStartError where that was the other one:
 * appends would go past the log that is there. So it does where a newer version recorded what this one cannot read.
 */
export async function openConfiguredLog({ pool, kurrentUrl, onLost }: ConfiguredLogNeeds): Promise<EventLog> {
  await settleLogSetting(pool, kurrentUrl === undefined ? 'postgres' : 'kurrentdb');
  await assertKnownForms(pool);
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
