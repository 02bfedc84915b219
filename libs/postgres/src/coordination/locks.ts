/**
 * Every number under which this system takes an advisory lock, with what it guards. Processes of different versions
 * meet under these numbers, so none is ever changed or given away again. 7301 is that of the test suite's templates.
 */
export const ADVISORY_LOCKS = {
  /** One process at a time migrates the schema of the log. */
  logMigration: 7_302,
  /** One process at a time makes the tables of the read side, for its transaction. */
  readSchema: 7_303,
  /** One process at a time spreads the partitions over the members, for its transaction. */
  readShares: 7_304,
  /** The first of two numbers: the process with the second one lives, as long as its connection. */
  readMember: 7_305,
  /** One process at a time claims rebuilds, for its transaction. */
  rebuildClaim: 7_306,
  /** One replay check at a time, as long as its connection. */
  replayCheck: 7_307,
  /** One process at a time migrates the schema of the audit. */
  auditMigration: 7_308,
  /** One process at a time migrates the schema of the citations. */
  citationMigration: 7_309,
  /** One process at a time migrates the schema for readers by SQL. */
  analyticsMigration: 7_310,
  /** One process at a time migrates the schema of keys. */
  accessMigration: 7_311,
  /** One backup of a log at a time, as long as its connection. */
  backup: 7_312,
  /** One process at a time gives names to policies. */
  naming: 7_317_046_112,
} as const;

/** One of {@link ADVISORY_LOCKS}. */
export type AdvisoryLock = keyof typeof ADVISORY_LOCKS;

interface Queries {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Waits for a lock and holds it to the end of the transaction. */
export async function lockTransaction(client: Queries, lock: AdvisoryLock): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS[lock]]);
}

/** Waits for a lock and holds it until it is released with {@link unlockSession} or the connection ends. */
export async function lockSession(client: Queries, lock: AdvisoryLock): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS[lock]]);
}

/** Releases a lock that this connection holds by {@link lockSession}. */
export async function unlockSession(client: Queries, lock: AdvisoryLock): Promise<void> {
  await client.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCKS[lock]]);
}
