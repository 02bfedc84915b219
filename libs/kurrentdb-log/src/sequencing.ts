import type { Pool } from 'pg';
import { isTransient } from '#postgres';
import { Guard } from './guard/guard.js';
import type { GuardFinding } from './guard/guard-comparison.js';
import { openEventStore } from './store/kurrentdb-store.js';
import { Reservations } from './append/reservations.js';
import { Sequencer } from './sequencer/sequencer.js';

/** The dependencies of copying a store's events into the log, as part of a process. */
export interface SequencingNeeds {
  /** Works as the application's role; the caller's to end. */
  readonly pool: Pool;
  /** Connection string of KurrentDB. */
  readonly url: string;
  /** The prefix of the log's streams in the store; the usual one unless given. */
  readonly prefix?: string;
  /** Tells this process from all others, also from those before it. */
  readonly name: string;
  /** Called with each error after which work is tried again, then, with null, once it succeeded. */
  readonly onTrouble: (error: unknown) => void;
  /** Called with each finding of the guard. */
  readonly onFinding: (finding: GuardFinding) => void;
  /** Called with an error that no retry mends: nothing is copied here any more. */
  readonly onStopped: (error: unknown) => void;
}

/**
 * Copies the store's events into the log whenever no other process does, and then watches over the store as well.
 * Answers how to stop.
 *
 * Throws, and copies nothing, where the store has limits by which it would forget events, or is another one than
 * before. A store that cannot be reached is waited for, and looked at then.
 */
export async function startSequencing(needs: SequencingNeeds): Promise<() => Promise<void>> {
  const { pool, url, prefix, name, onTrouble, onFinding, onStopped } = needs;
  const store = openEventStore({ url, onLost: onTrouble, ...(prefix === undefined ? {} : { prefix }) });
  const guard = new Guard({ pool, store, onFinding, onTrouble });
  const prepare = async (): Promise<void> => {
    await guard.assertUnlimited();
    await guard.assertSameStore();
    await new Reservations(pool).sweep();
  };
  try {
    await prepare();
  } catch (error) {
    if (!isTransient(error)) {
      await store.close();
      throw error;
    }
    onTrouble(error);
  }
  const stop = new AbortController();
  const sequencer = new Sequencer({
    pool,
    store,
    name,
    onTrouble,
    prepare,
    runAlongside: (signal) => guard.run(signal),
  });
  const running = sequencer.run(stop.signal).catch(onStopped);
  return async () => {
    stop.abort();
    await running;
    await store.close();
  };
}
