import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type EventLog, settleSetting } from '#event-log/adapter';
import { createKurrentEventLog } from '../append/kurrentdb-event-log.js';
import type { LogLimits } from '../append/log-limits.js';
import { Sequencer } from '../sequencer/sequencer.js';
import type { StoreLimits } from '../store/store-limits.js';
import type { EventStore } from '../store/store.js';
import { openMirrorUnderTest } from './mirror-under-test.js';
import type { PostgresUnderTest } from '../../../event-log/src/contract/postgres-under-test.js';
import type { StoreUnderTest } from './store-under-test.js';

/** A log on an event store, mirrored into a database of its own by a sequencer that can be stopped. */
export interface KurrentUnderTest {
  readonly postgres: PostgresUnderTest;
  readonly underTest: StoreUnderTest;
  /** A way into the log, as a process has it: with its own pool and its own connection to the store. */
  open(limits?: KurrentTestLimits, settings?: pg.PoolConfig): EventLog;
  startSequencer(limits?: Partial<StoreLimits>): void;
  stopSequencer(): Promise<void>;
  /** What the sequencer met. */
  readonly troubles: unknown[];
  close(): Promise<void>;
}

/** How long a way into the log waits: for the store, and for all else. */
export interface KurrentTestLimits {
  readonly store?: Partial<StoreLimits>;
  readonly log?: Partial<LogLimits>;
}

/** Opens an empty log on a server, with a sequencer at work. */
export async function openKurrentUnderTest(underTest: StoreUnderTest): Promise<KurrentUnderTest> {
  const postgres = await openMirrorUnderTest();
  await settleSetting(postgres.pool, 'log', 'kurrentdb');
  const logs: EventLog[] = [];
  const troubles: unknown[] = [];
  let sequencer:
    { readonly stop: AbortController; readonly ended: Promise<void>; readonly store: EventStore } | undefined;
  const stopSequencer = async (): Promise<void> => {
    sequencer?.stop.abort();
    await sequencer?.ended;
    await sequencer?.store.close();
    sequencer = undefined;
  };
  const startSequencer = (limits?: Partial<StoreLimits>): void => {
    const [stop, store] = [new AbortController(), underTest.open(limits)];
    const running = new Sequencer({
      pool: postgres.openPool(),
      store,
      name: randomUUID(),
      onTrouble: (trouble) => troubles.push(trouble),
    }).run(stop.signal);
    sequencer = { stop, store, ended: running.catch((error: unknown) => void troubles.push(error)) };
  };
  startSequencer();
  return {
    postgres,
    underTest,
    troubles,
    startSequencer,
    stopSequencer,
    open: (limits = {}, settings) => {
      const log = createKurrentEventLog({
        pool: postgres.openPool(settings),
        store: underTest.open(limits.store),
        ...(limits.log && { limits: limits.log }),
      });
      logs.push(log);
      return log;
    },
    close: async () => {
      for (const log of logs) await log.close();
      await stopSequencer();
      await underTest.close();
      await postgres.close();
    },
  };
}
