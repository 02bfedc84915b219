import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** The state of the database at one look. All times are milliseconds since 1970 UTC. */
export interface LogLook {
  /** The database's clock, read before the rest. */
  readonly clock: number;
  /** When the last entry was recorded; null while the log is empty. */
  readonly head: number | null;
  /** Transactions that may hold a time that they read from the clock before and have not committed yet. */
  readonly underWay: readonly string[];
}

/**
 * Looks for appends that are under way.
 *
 * Every append, of the log and of the sequencer, locks the table of the head before it reads the clock, and keeps that
 * lock until its commit can be seen. The lock table says who has it, and nobody waits for this.
 */
export const LOOK = `SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::float8 AS clock,
  (SELECT (extract(epoch FROM recorded_at) * 1000)::float8 FROM log.head) AS head,
  ARRAY(SELECT l.virtualtransaction FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.relation = 'log.head'::regclass AND d.datname = current_database() AND l.granted
      AND l.mode IN ('RowShareLock', 'RowExclusiveLock')) AS "underWay"`;

const FIRST_WAIT_MS = 2;
const LONGEST_WAIT_MS = 50;

/**
 * Knows up to which instant the log is settled: nothing will be recorded at or before it any more.
 *
 * That rests on the database's clock, as times of recording do: whoever sets it back unsettles what was settled.
 */
export class SettledInstants {
  #known: SettledUntil = { until: Number.NEGATIVE_INFINITY };
  #looking: Promise<void> | undefined;

  constructor(private readonly look: () => Promise<LogLook>) {}

  /** Waits until an instant is settled, at most so long; says whether it is. */
  async waitFor(instantMs: number, timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    for (let waitMs = FIRST_WAIT_MS; instantMs > this.#known.until; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      await (this.#looking ??= this.#learn());
      if (instantMs <= this.#known.until) break;
      const leftMs = end - performance.now();
      if (leftMs <= 0) return false;
      await delay(Math.min(waitMs, leftMs));
    }
    return true;
  }

  async #learn(): Promise<void> {
    try {
      this.#known = learnFrom(this.#known, await this.look());
    } finally {
      this.#looking = undefined;
    }
  }
}

/** The instant until which the log is settled, and the transactions that have to end before it is settled further. */
export interface SettledUntil {
  readonly until: number;
  readonly waitsFor?: Pick<LogLook, 'clock' | 'underWay'>;
}

/**
 * What is known after another look.
 *
 * An append that begins after a look reads the clock after it, or takes the time of the entry before it. So before the
 * clock of a look only those can still be recorded that were under way then.
 */
export function learnFrom({ until, waitsFor }: SettledUntil, { clock, head, underWay }: LogLook): SettledUntil {
  const hasEnded = waitsFor !== undefined && !waitsFor.underWay.some((one) => underWay.includes(one));
  const settled = Math.max(
    until,
    (head ?? Number.NEGATIVE_INFINITY) - 1,
    hasEnded ? waitsFor.clock - 1 : until,
    underWay.length === 0 ? clock - 1 : until,
  );
  if (underWay.length === 0) return { until: settled };
  return { until: settled, waitsFor: waitsFor === undefined || hasEnded ? { clock, underWay } : waitsFor };
}
