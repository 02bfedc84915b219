import pg from 'pg';
import { type Template, createTestDatabase } from '../../../../test/support/databases/database.js';
import type { EventLog } from '../port.js';
import { migrateEventLog } from '../postgres/schema/migrations.js';
import { createPostgresEventLog } from '../postgres/postgres-event-log.js';
import { APPLICATION_ROLE } from '../postgres/schema/schema.sql.js';

/** A log on Postgres, and ways to do to its database what an application must live with. */
export interface PostgresUnderTest {
  readonly log: EventLog;
  readonly pool: pg.Pool;
  /** Logged in as a superuser. */
  readonly administrator: pg.Client;
  /** Opens another pool, as another process has it; ended by {@link close}. */
  openPool(settings?: pg.PoolConfig): pg.Pool;
  /** Does what triggers refuse, to events, keys and head. */
  tamper(statement: string): Promise<void>;
  /** Ends every connection to the database but the administrator's. */
  cutConnections(): Promise<void>;
  close(): Promise<void>;
}

/** The template of a database with an empty log. */
export const template: Template = { name: 'event_log', prepare: migrateEventLog };

/** A pool that works as the application does. */
export function asApplication(url: string, settings: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 4, options: `-c role=${APPLICATION_ROLE}`, ...settings });
  pool.on('error', () => undefined);
  return pool;
}

/** Opens an empty log on a database of its own; settings are those of the log's own pool. */
export async function openPostgresUnderTest(
  settings: pg.PoolConfig = {},
  made: Template = template,
): Promise<PostgresUnderTest> {
  const database = await createTestDatabase(made);
  const pool = asApplication(database.url, settings);
  const log = createPostgresEventLog({ pool });
  const administrator = new pg.Client({ connectionString: database.url });
  await administrator.connect();
  const others: pg.Pool[] = [];
  return {
    log,
    pool,
    administrator,
    openPool: (own) => {
      const other = asApplication(database.url, own);
      others.push(other);
      return other;
    },
    tamper: async (statement) => {
      await administrator.query(
        `BEGIN; SET LOCAL session_replication_role = replica; ${statement}; SET LOCAL session_replication_role = DEFAULT; COMMIT`,
      );
    },
    cutConnections: async () => {
      await administrator.query(
        'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
    },
    close: async () => {
      await log.close();
      await Promise.all([pool, ...others].map((each) => each.end()));
      await administrator.end();
      await database.drop();
    },
  };
}
