import type pg from 'pg';
import { APPLICATION_ROLE, OWNER_ROLE } from '#event-log';
import { openPool } from '#postgres';
import {
  CannotStart,
  Closing,
  type Configuration,
  type Logins,
  findEmbeddedServer,
  loginsOf,
  prepareDatabase,
  separateLogins,
  startEmbeddedPostgres,
} from '#runtime';
import { migrateAll } from './database.js';

const ROLES = { owner: OWNER_ROLE, application: APPLICATION_ROLE };

type DatabaseSetting = Pick<Configuration, 'databaseUrl' | 'databaseOwnerUrl' | 'dataFolder'>;

/**
 * Works on the log of a configuration as it is stored, with the rights of the application: in the database of
 * `DATABASE_URL`, in the embedded server that a service is running, or in one started for this alone.
 *
 * Throws {@link CannotStart} where there is no log.
 */
export async function withLogToBackUp<Result>(
  configuration: DatabaseSetting,
  work: (pool: pg.Pool) => Promise<Result>,
): Promise<Result> {
  const closing = new Closing();
  try {
    const url = configuration.databaseUrl ?? (await existingLogins(configuration, closing)).applicationUrl;
    return await work(openClosedPool(closing, { url, name: 'ptl-backup', role: APPLICATION_ROLE }));
  } finally {
    await closing.close();
  }
}

/**
 * Works on the log of a configuration with the rights of its owner, its schema brought to today's form: in the database
 * of `DATABASE_URL`, or in an embedded server that is started for this alone.
 *
 * Throws {@link CannotStart} for what its user can put right: also where a service is running on the data.
 */
export async function withLogToRestore<Result>(
  configuration: DatabaseSetting,
  work: (pool: pg.Pool) => Promise<Result>,
): Promise<Result> {
  const closing = new Closing();
  try {
    const { databaseUrl: given, databaseOwnerUrl } = configuration;
    const logins = given === undefined ? await startLogins(configuration, closing) : undefined;
    const url = logins?.applicationUrl ?? given ?? '';
    const ownerUrl = logins?.ownerUrl ?? databaseOwnerUrl;
    await prepareDatabase({ url, ownerUrl, migrate: migrateAll, logger: { warn: () => undefined } });
    return await work(openClosedPool(closing, { url: ownerUrl ?? url, name: 'ptl-restore' }));
  } finally {
    await closing.close();
  }
}

function openClosedPool(closing: Closing, options: Omit<Parameters<typeof openPool>[0], 'onIdleError'>): pg.Pool {
  const pool = openPool({ ...options, onIdleError: () => undefined });
  closing.add(() => pool.end());
  return pool;
}

async function existingLogins(configuration: DatabaseSetting, closing: Closing): Promise<Logins> {
  const { dataFolder } = configuration;
  const server = await findEmbeddedServer(dataFolder);
  if (server.state === 'absent')
    throw new CannotStart(`There is no log in ${dataFolder}. Set DATA_DIR, or DATABASE_URL, as for the service.`);
  return server.state === 'running' ? loginsOf(server.url, ROLES) : startLogins(configuration, closing);
}

/** A service that runs on the same data is not waited for: it will not end by itself. */
const WAIT_LIMIT_MS = 2_000;

async function startLogins({ dataFolder }: DatabaseSetting, closing: Closing): Promise<Logins> {
  const server = await startEmbeddedPostgres({
    dataFolder,
    waitLimitMs: WAIT_LIMIT_MS,
    log: () => undefined,
    onLoss: () => undefined,
  });
  closing.add(() => server.stop());
  return separateLogins(server.url, ROLES);
}
