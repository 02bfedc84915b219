import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { APPLICATION_ROLE, LogStartError } from '#event-log';
import { migrateLog, settleLogSetting, startSequencing } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { CannotStart, Closing, type Configuration, type ServiceNeeds, prepareDatabase } from '#runtime';

/**
 * Copies events from KurrentDB into PostgreSQL whenever no other process does; answers how to stop it.
 *
 * Throws {@link CannotStart} without the addresses of both, or where the log must not be copied as things are.
 */
export async function startSequencer(
  { databaseUrl: url, databaseOwnerUrl: ownerUrl, kurrentUrl }: Configuration,
  { logger, onLoss }: ServiceNeeds,
): Promise<() => Promise<void>> {
  if (url === undefined || kurrentUrl === undefined)
    throw new CannotStart(
      'A sequencer copies the log from KurrentDB into PostgreSQL. Set KURRENTDB_URL and DATABASE_URL to them.',
    );
  const closing = new Closing();
  try {
    await prepareDatabase({ url, ownerUrl, migrate: migrateLog, logger });
    const pool = openPool({
      url,
      name: 'policy-timeline-sequencer',
      role: APPLICATION_ROLE,
      onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database was lost'),
    });
    closing.add(() => pool.end());
    await settleLogSetting(pool, 'kurrentdb');
    const stop = await startSequencing({
      pool,
      url: kurrentUrl,
      name: `${hostname()}/${process.pid}/${randomUUID()}`,
      onTrouble: (error) =>
        error !== null && logger.warn({ err: error }, 'copying the log from KurrentDB was interrupted; retrying'),
      onFinding: (finding) => logger.error({ finding }, 'KurrentDB and the log differ'),
      onStopped: (error) => {
        logger.error({ err: error }, 'copying the log from KurrentDB has stopped');
        onLoss('This sequencer cannot continue.');
      },
    });
    closing.add(stop);
    return () => closing.close();
  } catch (error) {
    await closing.close().catch((second: unknown) => logger.error({ err: second }, 'closing failed as well'));
    throw error instanceof LogStartError ? new CannotStart(error.message) : error;
  }
}
