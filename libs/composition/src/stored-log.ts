import type pg from 'pg';
import { APPLICATION_ROLE, createPostgresEventLog } from '#event-log';
import { type LogMove, migrateLog, openEventStore } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { prepareDatabase } from '#runtime';
import { explainStart } from './open-together.js';
import type { OpenedLog } from './recording.js';

/** A database as a tool works on it. */
export interface ToolDatabase {
  readonly url: string;
  /** The name that PostgreSQL shows of its connections. */
  readonly name: string;
}

/** Works on a log as PostgreSQL stores it, with the rights of the application, and closes it. */
export async function withStoredLog<Result>(
  { url, name }: ToolDatabase,
  work: (opened: OpenedLog) => Promise<Result>,
): Promise<Result> {
  const pool = openPool({ url, name, role: APPLICATION_ROLE, onIdleError: () => undefined });
  return workOn(pool, work);
}

/** The database and the store between which a log is moved. */
export interface MoveDatabase extends ToolDatabase {
  readonly ownerUrl: string | undefined;
  /** Connection string of KurrentDB. */
  readonly kurrentUrl: string;
  /** Called with a sentence for each connection that was lost. */
  readonly tell: (message: string) => void;
}

/**
 * Works on a log in both places, with the rights of the owner, its schema brought to today's form, and closes both.
 *
 * Throws {@link CannotStart} for what its user can put right.
 */
export async function withLogMove<Result>(
  { url, name, ownerUrl, kurrentUrl, tell }: MoveDatabase,
  work: (opened: LogMove & OpenedLog) => Promise<Result>,
): Promise<Result> {
  await prepareDatabase({ url, ownerUrl, migrate: migrateLog, logger: { warn: () => undefined } });
  const pool = openPool({ url, name, onIdleError: (error) => tell(error.message) });
  const store = openEventStore({ url: kurrentUrl });
  try {
    return await workOn(pool, (opened) => work({ ...opened, store }));
  } catch (error) {
    throw explainStart(error);
  } finally {
    await store.close();
  }
}

async function workOn<Result>(pool: pg.Pool, work: (opened: OpenedLog) => Promise<Result>): Promise<Result> {
  const log = createPostgresEventLog({ pool });
  try {
    return await work({ pool, log });
  } finally {
    await log.close();
    await pool.end();
  }
}
