import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type EventLog, type LogPosition, positionOf } from '#event-log';

const BATCH = 500;
const AGAIN_AFTER_MS = 100;
const FAULTS_LIMIT = 50;

/** Who reads the log from its beginning while everything fails. */
export interface Reader {
  readonly position: () => LogPosition;
  /** Of every entry seen, in the order in which they came. */
  readonly digest: () => string;
  /** Entries that came twice, too early or too late. */
  readonly disorder: readonly string[];
  /** What ended the subscription. A subscription is to outlive lost connections, so each is a fault of the log. */
  readonly ends: readonly string[];
  stop(): Promise<void>;
}

/** Starts to read. An end of the subscription is noted, and reading goes on behind the last entry that was seen. */
export function startReader(log: EventLog): Reader {
  const content = createHash('sha256');
  const stop = new AbortController();
  const disorder: string[] = [];
  const ends: string[] = [];
  let reached = positionOf(0);
  const read = async (): Promise<void> => {
    for await (const entries of log.subscribe(reached, { signal: stop.signal, batchLimit: BATCH }))
      for (const { position, entry } of entries) {
        if (position !== reached + 1 && disorder.length < FAULTS_LIMIT)
          disorder.push(`After ${reached} came ${position}.`);
        reached = position;
        content.update(entry).update('\n');
      }
  };
  const reading = (async () => {
    while (!stop.signal.aborted) {
      await read().catch(
        (error: unknown) => ends.length < FAULTS_LIMIT && ends.push(`at ${reached}: ${String(error)}`),
      );
      if (!stop.signal.aborted) await delay(AGAIN_AFTER_MS);
    }
  })();
  return {
    position: () => reached,
    digest: () => content.copy().digest('hex'),
    disorder,
    ends,
    stop: async () => {
      stop.abort();
      await reading;
    },
  };
}
