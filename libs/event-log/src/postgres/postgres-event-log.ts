import type { Pool } from 'pg';
import { isConnectionFault } from '#postgres';
import type { LogPosition } from '../positions.js';
import type { EventLog, LogEntry } from '../port.js';
import { GroupCommit, appendInTurn } from './append/group-commit.js';
import { postgresReads } from './reads.js';
import { WakeUps } from './wake-ups.js';

/**
 * The event log on Postgres. The pool is the caller's, works as the application's role, and is ended by the caller. Its
 * connections get time limits where they have none, since an append that never ends would hold up all others.
 *
 * Guarantee: positions are without gap and in the order of commits, since one row hands them out under a lock that is
 * held to the commit.
 */
export function createPostgresEventLog({ pool }: { readonly pool: Pool }): EventLog {
  const commits = new GroupCommit(pool);
  const wakeUps = new WakeUps(pool);
  const reads = postgresReads(pool);
  const together = { readAll: readTogether(reads) };
  return {
    ...reads,
    append: (request) => commits.append(request),
    appendMany: (requests) => appendInTurn(requests, (request) => commits.append(request)),
    appendTogether: (batches) => commits.appendTogether(batches),
    subscribe: (after, options) => subscribeToLog({ reads: together, wakeUps, after, ...options }),
    close: async () => {
      await commits.drain();
      wakeUps.close();
    },
  };
}

/**
 * Lets subscribers that are at the same position, and are woken by the same announcement, read once.
 *
 * Whoever asks later, and be it before the answer, reads again: it may have been woken by an append that came after the
 * first had asked.
 */
function readTogether({ readAll }: Pick<EventLog, 'readAll'>): EventLog['readAll'] {
  const asked = new Map<string, Promise<readonly LogEntry[]>>();
  return (after, limit) => {
    const position = `${after}/${limit}`;
    const known = asked.get(position);
    if (known) return known;
    const read = readAll(after, limit);
    asked.set(position, read);
    // All that one announcement wakes runs before this, and no other announcement does.
    process.nextTick(() => asked.delete(position));
    return read;
  };
}

/** The options of a subscription. */
export interface LogSubscription {
  readonly reads: Pick<EventLog, 'readAll'>;
  readonly wakeUps: WakeUps;
  readonly after: LogPosition;
  readonly signal: AbortSignal;
  readonly batchLimit: number;
}

/** Entries after a position, as they come, over as many connections as it takes. */
export async function* subscribeToLog({
  reads,
  wakeUps,
  after,
  signal,
  batchLimit,
}: LogSubscription): AsyncGenerator<readonly LogEntry[]> {
  for (let position = after; !signal.aborted;) {
    // Asked for before reading, so that an append between reading and waiting still wakes.
    const woken = new AbortController();
    const next = wakeUps.next(AbortSignal.any([signal, woken.signal]));
    const entries = await readOrNothing(reads, position, batchLimit);
    // What came after the others were read was announced. With a reason, since without one an error is made each time.
    if (entries.length === batchLimit) woken.abort('read on');
    if (entries.length > 0) yield entries;
    position = entries.at(-1)?.position ?? position;
    await next;
  }
}

/** A lost connection is no end: the reader waits and reads on from where it was. */
async function readOrNothing(
  reads: Pick<EventLog, 'readAll'>,
  after: LogPosition,
  limit: number,
): Promise<readonly LogEntry[]> {
  try {
    return await reads.readAll(after, limit);
  } catch (error) {
    if (isConnectionFault(error)) return [];
    throw error;
  }
}
