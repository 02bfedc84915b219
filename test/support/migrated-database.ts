import pg from 'pg';
import { APPLICATION_ROLE, migrateEventLog } from '#event-log';
import { createTestDatabase } from './database.js';

/** A database with an empty event log, and a pool that works on it as the application does. */
export interface MigratedDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and removes the database. */
  drop(): Promise<void>;
}

/** Makes a database with an empty event log for the calling test file. */
export async function createMigratedDatabase(): Promise<MigratedDatabase> {
  const database = await createTestDatabase({ name: 'log', prepare: migrateEventLog });
  const pool = new pg.Pool({ connectionString: database.url, max: 8, options: `-c role=${APPLICATION_ROLE}` });
  pool.on('error', () => undefined);
  return {
    url: database.url,
    pool,
    drop: async () => {
      await pool.end();
      await database.drop();
    },
  };
}
