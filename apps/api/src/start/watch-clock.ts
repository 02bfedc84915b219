import { uptime } from 'node:os';
import type { Pool } from 'pg';
import { type Instant, instant } from '#domain';
import type { EventLog } from '#event-log';
import { sleep } from '#postgres';
import { type ClockFigures, ClockWatch } from '#recording';
import type { Configuration, Logger } from '#runtime';

/** The interval at which the clock is checked. */
const LOOK_MS = 10_000;

const MS_A_MINUTE = 60_000;
const MS_A_SECOND = 1_000;

/** The log messages for a figure that is off, and for when it is right again. */
const TOLD: Readonly<Record<keyof ClockFigures, { readonly off: string; readonly right: string }>> = {
  behindMs: {
    off: 'the clock is behind the last record: it is wrong now, or was wrong when that record was made',
    right: 'the clock is no longer behind the last record',
  },
  differsMs: {
    off: 'the clock of the database, which gives events their time, differs from the clock of this machine: one of them is wrong',
    right: 'the clocks of the database and this machine agree again',
  },
  jumpedMs: {
    off: 'the clock was set ahead, or the machine was suspended for that long: if the clock is wrong now, events recorded now keep the wrong time for ever',
    right: 'the clock is back to what it was before it was set ahead',
  },
};

/** Creates the clock watch that reports to the log of the process. */
export const clockWatch = (needs: {
  readonly log: EventLog;
  readonly now: () => Instant;
  readonly configuration: Pick<Configuration, 'clockLimitMinutes' | 'kurrentUrl'>;
  readonly logger: Logger;
  readonly pool: Pool;
}): ClockWatch => {
  const { log, now, configuration, logger, pool } = needs;
  return new ClockWatch({
    log,
    now,
    // KurrentDB gives its events their time, not the database.
    ...(configuration.kurrentUrl === undefined ? { recordingNow: () => databaseNow(pool) } : {}),
    runningMs: () => uptime() * MS_A_SECOND,
    limitMs: configuration.clockLimitMinutes * MS_A_MINUTE,
    tell: (figure, ms) => {
      if (ms === 0) logger.info(TOLD[figure].right);
      else logger.error({ [figure]: ms }, TOLD[figure].off);
    },
  });
};

async function databaseNow(pool: Pool): Promise<Instant> {
  const { rows } = await pool.query<{ ms: number }>(
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
  );
  const [found] = rows;
  if (!found) throw new Error('The database did not answer its time.');
  return instant(found.ms);
}

/** Checks the clock at intervals; returns a function that stops it. */
export async function keepLooking(watch: ClockWatch): Promise<() => Promise<void>> {
  const stop = new AbortController();
  await watch.look();
  const looking = (async () => {
    for (await sleep(LOOK_MS, stop.signal); !stop.signal.aborted; await sleep(LOOK_MS, stop.signal))
      // A check that fails is repeated at the next interval.
      await watch.look().catch(() => undefined);
  })();
  return () => {
    stop.abort();
    return looking;
  };
}
