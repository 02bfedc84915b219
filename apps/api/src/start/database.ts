import type pg from 'pg';
import { migrateAudit } from '#audit';
import { APPLICATION_ROLE, OWNER_ROLE } from '#event-log';
import { migrateLog } from '#kurrentdb-log';
import { openPool } from '#postgres';
import {
  type Closing,
  type Configuration,
  type ServiceNeeds,
  prepareDatabase,
  separateLogins,
  startEmbeddedPostgres,
} from '#runtime';

/**
 * Opens the database with the rights of the application, its schema brought to today's form by its owner.
 *
 * Throws {@link CannotStart} for what its user can put right.
 */
export async function openDatabase(
  configuration: Configuration,
  needs: ServiceNeeds,
  closing: Closing,
): Promise<pg.Pool> {
  const { logger } = needs;
  const { ownerUrl, applicationUrl: url } = await logins(configuration, needs, closing);
  await prepareDatabase({ url, ownerUrl, migrate, logger });
  const pool = openPool({
    url,
    name: 'policy-timeline',
    role: APPLICATION_ROLE,
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database was lost'),
  });
  closing.add(() => pool.end());
  return pool;
}

async function migrate(url: string): Promise<void> {
  await migrateLog(url);
  await migrateAudit(url);
}

interface Logins {
  readonly applicationUrl: string;
  readonly ownerUrl: string | undefined;
}

async function logins(
  { databaseUrl, databaseOwnerUrl, dataFolder }: Configuration,
  { logger, onLoss }: ServiceNeeds,
  closing: Closing,
): Promise<Logins> {
  if (databaseUrl !== undefined) return { ownerUrl: databaseOwnerUrl, applicationUrl: databaseUrl };
  const server = await startEmbeddedPostgres({
    dataFolder,
    log: (line) => logger.debug({ postgres: line }, 'database'),
    onLoss,
  });
  closing.add(() => server.stop());
  return separateLogins(server.url, { owner: OWNER_ROLE, application: APPLICATION_ROLE });
}
