import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { migrateAudit, openAudit } from '#audit';
import { instant } from '#domain';
import { APPLICATION_ROLE, LogStartError } from '#event-log';
import { migrateLog, openConfiguredLog } from '#kurrentdb-log';
import { openPool } from '#postgres';
import { ReadModels, Runner, type SetAsideEvent } from '#projections';
import { Recorder, parked } from '#recording';
import { CannotStart, Closing, type Configuration, type ServiceNeeds, prepareDatabase, systemClock } from '#runtime';

const SALT_BYTES = 16;

/**
 * Brings read models on beside other processes, any number of them on one database; answers how to stop it.
 *
 * Throws {@link CannotStart} without `DATABASE_URL`: an embedded server belongs to one process alone.
 */
export async function startProjector(
  { databaseUrl: url, databaseOwnerUrl: ownerUrl, kurrentUrl, timeZone, auditKey, selfCheckPauseMs }: Configuration,
  { logger, onLoss, stopping }: ServiceNeeds,
): Promise<() => Promise<void>> {
  if (url === undefined)
    throw new CannotStart('A projector shares its database with other processes. Set DATABASE_URL to that database.');
  const closing = new Closing();
  try {
    const migrate = (owner: string) => migrateLog(owner).then(() => migrateAudit(owner));
    await prepareDatabase({ url, ownerUrl, migrate, logger });
    const pool = openPool({
      url,
      name: 'policy-timeline-projector',
      role: APPLICATION_ROLE,
      onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database was lost'),
    });
    closing.add(() => pool.end());
    const onLost = (error: Error): void =>
      logger.warn({ err: error }, 'the connection to KurrentDB was lost; reconnecting');
    const log = await openConfiguredLog({ pool, kurrentUrl, onLost });
    closing.add(() => log.close());
    const onStopped = (error: unknown): void => {
      logger.error({ err: error }, 'the read models have stopped');
      onLoss('This projector cannot continue.');
    };
    const now = () => instant(systemClock());
    const recorder = new Recorder({
      log,
      zone: timeZone,
      now,
      newSalt: () => randomBytes(SALT_BYTES).toString('base64'),
      onAcknowledged: () => undefined,
    });
    const onSetAside = async (event: SetAsideEvent): Promise<void> => {
      logger.error({ ...event }, 'a read model parked an event that it cannot process');
      await recorder.recordOperation(parked(event));
    };
    const readModels = new ReadModels({
      pool,
      log,
      now,
      runsProjections: true,
      onStopped,
      onTrouble: (error) => logger.warn({ err: error }, 'the read models are waiting to retry after a fault'),
      onSetAside,
    });
    const runner = new Runner(readModels, { foldingThreads: availableParallelism() });
    closing.add(() => readModels.stop());
    closing.add(() => runner.stop());
    await readModels.open();
    runner.start();
    const stopped = new Promise((resolve) => stopping.addEventListener('abort', resolve));
    await Promise.race([runner.caughtUp(), stopped]);
    stopping.throwIfAborted();
    const audit = await openAudit({ pool, log, logger, key: auditKey, follows: true, selfCheckPauseMs });
    closing.add(() => audit.stop());
    audit.start();
    return () => closing.close();
  } catch (error) {
    await closing.close().catch((second: unknown) => logger.error({ err: second }, 'closing failed as well'));
    throw error instanceof LogStartError ? new CannotStart(error.message) : error;
  }
}
