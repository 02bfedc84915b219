import type pg from 'pg';
import { migrateAccess } from '#access';
import { migrateAudit } from '#audit';
import { migrateCitations } from '#citations';
import { APPLICATION_ROLE, OWNER_ROLE } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { READER_ROLE, migrateAnalytics } from '#projections';
import {
  admitReader,
  findFreePort,
  keepPassword,
  prepareDatabase,
  separateLogins,
  startEmbeddedPostgres,
} from '#runtime';
import type { Opening } from './open-together.js';

/** The logins of a database. */
interface DatabaseLogins {
  readonly applicationUrl: string;
  readonly ownerUrl: string | undefined;
}

/**
 * Opens the database with the rights of the application, its schema brought to today's form by its owner: the one of
 * `DATABASE_URL`, or one of an embedded server that belongs to this process alone.
 *
 * The name is what PostgreSQL shows of its connections. Throws {@link CannotStart} for what its user can put right.
 */
export async function openDatabase(opening: Opening, name: string): Promise<pg.Pool> {
  const { logger, closing } = opening;
  const { ownerUrl, applicationUrl: url } = await readLogins(opening);
  await prepareDatabase({ url, ownerUrl, migrate: migrateAll, logger });
  const pool = openPool({
    url,
    name,
    role: APPLICATION_ROLE,
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database was lost'),
  });
  closing.add(() => pool.end());
  return pool;
}

/** Brings every schema to today's form. */
export async function migrateAll(url: string): Promise<void> {
  await migrateLog(url);
  await migrateAudit(url);
  await migrateCitations(url);
  await migrateAccess(url);
  await migrateAnalytics(url);
}

async function readLogins({ configuration, logger, onLoss, closing }: Opening): Promise<DatabaseLogins> {
  const { databaseUrl, databaseOwnerUrl, dataFolder } = configuration;
  if (databaseUrl !== undefined) return { ownerUrl: databaseOwnerUrl, applicationUrl: databaseUrl };
  const sqlPort = configuration.sqlPort === 0 ? await findFreePort() : configuration.sqlPort;
  const server = await startEmbeddedPostgres({
    dataFolder,
    log: (line) => logger.debug({ postgres: line }, 'database'),
    onLoss,
    door: sqlPort === undefined ? undefined : { port: sqlPort, role: READER_ROLE },
  });
  closing.add(() => server.stop());
  const logins = await separateLogins(server.url, { owner: OWNER_ROLE, application: APPLICATION_ROLE });
  const kept = sqlPort === undefined ? undefined : await keepPassword(dataFolder);
  await admitReader(server.url, APPLICATION_ROLE, { role: READER_ROLE, password: kept?.password });
  if (kept && sqlPort !== undefined)
    logger.info(
      { url: `postgresql://${READER_ROLE}@127.0.0.1:${sqlPort}/postgres`, passwordFile: kept.file },
      'readers by SQL can log in',
    );
  return logins;
}
