import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type pg from 'pg';
import { type EventLog, LogStartError } from '#event-log';
import { openConfiguredLog, startSequencing } from '#kurrentdb-log';
import { CannotStart, type Closing, type Configuration, type ServiceNeeds } from '#runtime';

/** What the application's log is opened with. */
interface Opening extends ServiceNeeds {
  readonly configuration: Configuration;
  readonly pool: pg.Pool;
  readonly closing: Closing;
}

/**
 * Opens the log where it is kept; from KurrentDB it is copied here, too, unless that is left to others.
 *
 * Throws {@link CannotStart} where it is kept elsewhere, or must not be copied as things are.
 */
export async function openLog(opening: Opening): Promise<EventLog> {
  const { configuration, pool, closing, logger } = opening;
  const { kurrentUrl, sequencer } = configuration;
  const onLost = (error: Error): void =>
    logger.warn({ err: error }, 'the connection to KurrentDB was lost; reconnecting');
  try {
    const log = await openConfiguredLog({ pool, kurrentUrl, onLost });
    // Closed before the copying ends: appends under way wait for their positions.
    if (kurrentUrl !== undefined && sequencer) closing.add(await startCopying(opening, kurrentUrl));
    closing.add(() => log.close());
    return log;
  } catch (error) {
    throw error instanceof LogStartError ? new CannotStart(error.message) : error;
  }
}

const startCopying = ({ pool, logger, onLoss }: Opening, url: string): Promise<() => Promise<void>> =>
  startSequencing({
    pool,
    url,
    name: `${hostname()}/${process.pid}/${randomUUID()}`,
    onTrouble: (error) =>
      error !== null && logger.warn({ err: error }, 'copying the log from KurrentDB was interrupted; retrying'),
    onFinding: (finding) => logger.error({ finding }, 'KurrentDB and the log differ'),
    onStopped: (error) => {
      logger.error({ err: error }, 'copying the log from KurrentDB has stopped');
      onLoss('This process copies the log from KurrentDB and cannot continue.');
    },
  });
