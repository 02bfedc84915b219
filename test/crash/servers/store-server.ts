import { setTimeout as delay } from 'node:timers/promises';
import { KurrentDouble } from '../../support/kurrentdb/double.js';
import type { Options } from '../options.js';
import type { Pace } from '../load/pace.js';
import type { Random } from '../load/random.js';

/** The event store of a campaign; what can be done to it, where it is the campaign's own. */
export interface StoreServer {
  readonly url: string | undefined;
  readonly double: KurrentDouble | undefined;
  close(): void;
}

/** A double, a server that is there, or none where the log is kept in PostgreSQL. */
export async function openStoreServer({ kurrentdb }: Pick<Options, 'kurrentdb'>): Promise<StoreServer> {
  if (kurrentdb !== 'double')
    return { url: kurrentdb === '' ? undefined : kurrentdb, double: undefined, close: () => undefined };
  const double = await KurrentDouble.open();
  return { url: double.url, double, close: () => double.close() };
}

const LONGEST_PAUSE_MS = 6_000;
const LONGEST_DOWN_MS = 1_500;

/** Kills the store and starts it again, cuts its connections, and ends its subscriptions, until nobody writes any more. */
export async function harass(double: KurrentDouble, pace: Pace, random: Random): Promise<void> {
  while (!pace.isOver) {
    await delay(random.between(500, LONGEST_PAUSE_MS));
    if (random.chance(0.4)) double.cut();
    else if (random.chance(0.4)) double.endSubscriptions();
    else {
      double.kill();
      await delay(random.between(0, LONGEST_DOWN_MS));
      await double.start();
    }
  }
}
