import type { Pool } from 'pg';
import { type EventLog, postgresReads, subscribeToLog, WakeUps } from '#event-log/adapter';
import { LOG_LIMITS, type LogLimits } from './log-limits.js';
import { LocationWatch } from './location-watch.js';
import { Reservations } from './reservations.js';
import { StoreCommit } from './store-commit.js';
import type { EventStore } from '../store/store.js';

/** The dependencies of a log on an event store. Pool and store are the caller's to close. */
export interface KurrentEventLogNeeds {
  /** Works as the application's role, on the database that the store is mirrored into. */
  readonly pool: Pool;
  readonly store: EventStore;
  readonly limits?: Partial<LogLimits>;
}

/**
 * The event log in KurrentDB, with reads from its mirror in Postgres.
 *
 * An append is durable in the store when it is answered. Its position comes from the sequencer, which some process has
 * to run; where that takes too long, the outcome is `pending`.
 *
 * Guarantee: a key is taken once in all streams, as on any adapter, by reserving it in the database before the append.
 * Should a reservation be lost (a database restored, a holder paused beyond all limits), the sequencer disregards the
 * later of two events with one key.
 */
export function createKurrentEventLog({ pool, store, limits }: KurrentEventLogNeeds): EventLog {
  const wakeUps = new WakeUps(pool);
  const reads = postgresReads(pool);
  const reservations = new Reservations(pool);
  const commit = new StoreCommit({
    store,
    reservations,
    watch: new LocationWatch(pool, wakeUps),
    limits: { ...LOG_LIMITS, ...limits },
  });
  return {
    ...reads,
    append: (request) => commit.append(request),
    appendMany: (requests) => commit.appendMany(requests),
    appendTogether: (batches) => commit.appendTogether(batches),
    subscribe: (after, options) => subscribeToLog({ reads, wakeUps, after, ...options }),
    close: async () => {
      await commit.drain();
      wakeUps.close();
    },
  };
}
