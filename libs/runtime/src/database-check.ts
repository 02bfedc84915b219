import pg from 'pg';
import { CannotStart } from './cannot-start.js';
import type { Logger } from './logger.js';
import { explainDatabase } from './start-faults.js';

/** The lowest supported version, as PostgreSQL counts. */
const LOWEST_VERSION = { number: 150_000, name: '15' };

const CONNECT_TIMEOUT_MS = 10_000;

/** A database of the operator, and the migration of its schema. */
export interface DatabaseNeeds {
  readonly url: string;
  /** Login that migrates; absent means that of `url`. */
  readonly ownerUrl: string | undefined;
  readonly migrate: (url: string) => Promise<void>;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Checks the database of a process, and migrates it.
 *
 * Throws {@link CannotStart} where it cannot be reached, does not let a login in or is too old. Warns where the login
 * may do more than the application ever needs.
 */
export async function prepareDatabase({ url, ownerUrl, migrate, logger }: DatabaseNeeds): Promise<void> {
  const { login, isSuperuser } = await explainDatabase({ url, variable: 'DATABASE_URL' }, () => lookAt(url));
  if (isSuperuser)
    logger.warn(
      `The login ${login} is a superuser, so a fault in this program would endanger the whole server. docs/operation.md explains how to use a login with fewer rights.`,
    );
  const owner = {
    url: ownerUrl ?? url,
    variable: ownerUrl === undefined ? 'DATABASE_URL' : 'DATABASE_OWNER_URL',
  } as const;
  await explainDatabase(owner, () => migrate(owner.url));
}

interface Login {
  readonly login: string;
  readonly isSuperuser: boolean;
}

async function lookAt(url: string): Promise<Login> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks later fails the query as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Login & { readonly number: number; readonly version: string }>(
      `SELECT current_setting('server_version_num')::integer AS number, current_setting('server_version') AS version,
              rolname AS login, rolsuper AS "isSuperuser" FROM pg_roles WHERE rolname = session_user`,
    );
    const [found] = rows;
    if (found && found.number >= LOWEST_VERSION.number) return found;
    throw new CannotStart(
      `This is PostgreSQL ${found?.version ?? ''}; ${LOWEST_VERSION.name} or newer is needed. Upgrade it, or set DATABASE_URL to another server.`,
    );
  } finally {
    // Also if the login failed on this side: the server would wait a minute for the password.
    await client.end();
  }
}
