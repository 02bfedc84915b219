import pg from 'pg';
import { instant } from '#domain';
import { type EventLog, createPostgresEventLog } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { migrateAnalytics } from '../../../libs/projections/src/rebuild/sql/migrations.js';
import { type MigratedDatabase, createMigratedDatabase } from '../databases/migrated-database.js';
import { type ProjectionsOfProcess, composeProjections } from '../databases/projections.js';

/** A log and its read models on a database of their own, and a reader of their views by SQL. */
export interface OpenAnalytics {
  readonly database: MigratedDatabase;
  readonly log: EventLog;
  readonly projections: ProjectionsOfProcess;
  readonly reader: pg.Client;
  /** Waits until the views have all that is recorded. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

const CATCH_UP_LIMIT_MS = 60_000;

/** Starts an empty log with its views; the reader's sessions are in a zone. */
export async function startAnalytics(zone: string): Promise<OpenAnalytics> {
  const database = await createMigratedDatabase({
    name: 'analytics',
    prepare: (url) => migrateLog(url).then(() => migrateAnalytics(url)),
  });
  const log = createPostgresEventLog({ pool: database.pool });
  const projections = composeProjections({
    pool: database.pool,
    log,
    now: () => instant(Date.now()),
    onStopped: (error) => {
      throw error;
    },
  });
  await projections.start();
  const reader = new pg.Client({ connectionString: database.url, options: `-c role=ptl_reader -c timezone=${zone}` });
  await reader.connect();
  return {
    database,
    log,
    projections,
    reader,
    catchUp: async () => {
      await projections.readSide.waitFor((await log.head()).position, CATCH_UP_LIMIT_MS);
    },
    stop: async () => {
      await reader.end();
      await projections.stop();
      await log.close();
      await database.drop();
    },
  };
}
