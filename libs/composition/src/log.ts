import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type pg from 'pg';
import type { EventLog } from '#event-log';
import { CannotStart } from '#runtime';
import { openConfiguredLog, settleLogSetting, startSequencing } from '#kurrentdb-log';
import type { Opening } from './open-together.js';

/** Opens the log where it is kept: in PostgreSQL, or in KurrentDB, where others copy it. */
export async function openLog(opening: Opening, pool: pg.Pool): Promise<EventLog> {
  const log = await connectToLog(opening, pool);
  opening.closing.add(() => log.close());
  return log;
}

/** Opens the log where it is kept; from KurrentDB it is copied here, too, unless the configuration leaves that to others. */
export async function openLogWithSequencer(opening: Opening, pool: pg.Pool): Promise<EventLog> {
  const { kurrentUrl, sequencer } = opening.configuration;
  const log = await connectToLog(opening, pool);
  if (kurrentUrl !== undefined && sequencer)
    await sequence(opening, { pool, url: kurrentUrl, name: 'process copies the log from KurrentDB and' });
  // Closed before the copying ends: appends under way wait for their positions.
  opening.closing.add(() => log.close());
  return log;
}

/** Copies the log from KurrentDB into PostgreSQL, without opening it for this process. */
export async function openSequencer(opening: Opening, { pool, url }: CopiedLog): Promise<void> {
  await settleLogSetting(pool, 'kurrentdb');
  await sequence(opening, { pool, url, name: 'sequencer' });
}

/** A log that is copied from KurrentDB. */
interface CopiedLog {
  readonly pool: pg.Pool;
  /** Connection string of KurrentDB. */
  readonly url: string;
}

const connectToLog = ({ configuration: { kurrentUrl }, logger }: Opening, pool: pg.Pool): Promise<EventLog> =>
  openConfiguredLog({
    pool,
    kurrentUrl,
    onLost: (error) => logger.warn({ err: error }, 'the connection to KurrentDB was lost; reconnecting'),
    onUnreachable: ({ isEmpty }) => {
      const sentence = `KurrentDB at ${serversIn(kurrentUrl ?? '')} does not answer`;
      if (isEmpty) throw new CannotStart(`${sentence}. Start it, or set KURRENTDB_URL correctly.`);
      logger.warn(`${sentence}: reads are answered from what was copied, writes wait. Is KURRENTDB_URL correct?`);
    },
  });

/** The servers that a connection string names, without its password. */
const serversIn = (url: string): string => /^[\w+]+:\/\/(?:[^@/]*@)?([^/?]+)/.exec(url)?.[1] ?? 'KURRENTDB_URL';

/** Copies until the process closes; `name` says in the last words of a process what this one is. */
async function sequence(opening: Opening, { pool, url, name }: CopiedLog & { readonly name: string }): Promise<void> {
  const { logger, onLoss, closing } = opening;
  const stop = await startSequencing({
    pool,
    url,
    name: `${hostname()}/${process.pid}/${randomUUID()}`,
    onTrouble: (error) =>
      error !== null && logger.warn({ err: error }, 'copying the log from KurrentDB was interrupted; retrying'),
    onFinding: (finding) => logger.error({ finding }, 'KurrentDB and the log differ'),
    onStopped: (error) => {
      logger.error({ err: error }, 'copying the log from KurrentDB has stopped');
      onLoss(`This ${name} cannot continue.`);
    },
  });
  closing.add(stop);
}
