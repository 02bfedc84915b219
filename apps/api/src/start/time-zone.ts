import type pg from 'pg';
import { settleSetting } from '#event-log';
import { CannotStart } from '#runtime';

/**
 * Stores the time zone of the first start with the log, and refuses any other one later.
 *
 * The bounds of every stored date were computed in it: in another zone old and new events would disagree about
 * days.
 */
export async function keepTimeZone(pool: pg.Pool, zone: string): Promise<void> {
  const kept = await settleSetting(pool, 'time-zone', zone);
  if (kept === zone) return;
  throw new CannotStart(
    `TIME_ZONE is ${zone}, but this log was started with ${kept} and its dates depend on it. Start with TIME_ZONE=${kept}, or with another database.`,
  );
}
