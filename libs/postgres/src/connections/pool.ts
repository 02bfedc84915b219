import pg from 'pg';

/** The options of a pool of connections. */
export interface PoolOptions {
  readonly url: string;
  /** Shown in the server's list of connections. */
  readonly name: string;
  /** Role that every connection takes on; absent keeps the role that logged in, as migrations need it. */
  readonly role?: string;
  /** Most connections at a time. */
  readonly connectionLimit?: number;
  /** Called for a connection that broke while idle; the pool replaces it by itself. Not called while the pool ends. */
  readonly onIdleError: (error: Error) => void;
}

const CONNECTION_LIMIT = 16;
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

/**
 * Opens a pool of connections to PostgreSQL; the first one is made when the first query needs it.
 *
 * On every connection a statement ends after 30 s, a wait for a lock after 10 s and an idle transaction after 60 s;
 * taking a connection fails after 10 s. `int8` and `numeric` arrive as text. The caller ends the pool.
 */
export function openPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.name,
    max: options.connectionLimit ?? CONNECTION_LIMIT,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    // Sent with the log-in itself: no connection is ever handed out with more rights than the role's.
    ...(options.role === undefined ? {} : { options: `-c role=${options.role}` }),
  });
  return withErrorsHandled(pool, options.onIdleError);
}

/** The settings of a pool, in values that can be sent to another thread. */
export type ConnectionSettings = Readonly<Record<string, string | number | boolean>>;

/** Answers where, as whom and with what limits a pool connects, for {@link openSamePool} in another thread. */
export function connectionSettingsOf({ options }: pg.Pool): ConnectionSettings {
  const settings: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(options))
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') settings[name] = value;
  return settings;
}

/** Opens a pool that connects as another one does, with its own limit of connections. The caller ends the pool. */
export const openSamePool = (
  settings: ConnectionSettings,
  { connectionLimit, onIdleError }: Required<Pick<PoolOptions, 'connectionLimit' | 'onIdleError'>>,
): pg.Pool => withErrorsHandled(new pg.Pool({ ...settings, max: connectionLimit }), onIdleError);

function withErrorsHandled(pool: pg.Pool, onIdleError: (error: Error) => void): pg.Pool {
  pool.on('error', (error) => {
    // The pool adds its connection, with every statement that it prepared: nothing for a log.
    Reflect.deleteProperty(error, 'client');
    if (!pool.ending) onIdleError(error);
  });
  // One that breaks in use, but between two statements, has nobody else to tell, which would end the process. Its next
  // statement fails, and so tells its user.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
