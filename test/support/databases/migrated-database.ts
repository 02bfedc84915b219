import pg from 'pg';
import { APPLICATION_ROLE } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { type Template, createTestDatabase } from './database.js';

/** A database with an empty event log, and a pool that works on it as the application does. */
export interface MigratedDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and removes the database. */
  drop(): Promise<void>;
}

const LOG: Template = { name: 'log', prepare: migrateLog };

/** Makes a database with an empty event log, or what a template has besides, for the calling test file. */
export async function createMigratedDatabase(template: Template = LOG): Promise<MigratedDatabase> {
  const database = await createTestDatabase(template);
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
