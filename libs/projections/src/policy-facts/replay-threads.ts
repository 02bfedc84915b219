import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Coordinate, keysInForce, stateAt } from '#temporal';
import { DISREGARDED, type LogEntry } from '#event-log';
import { REGISTERED, fromStored } from '#domain';
import type { FactsAt } from './state.js';

/** What a thread is started with. */
export interface ReplayTask {
  readonly entries: readonly LogEntry[];
  readonly at: Coordinate;
}

/** Too many long streams wait to be folded: try again. */
export class ReplayOverloadedError extends Error {
  override readonly name = 'ReplayOverloadedError';
}

/** A stream of no more entries is folded before a thread would have started. */
const SHORT_STREAM = 500;

/** One stream is folded at a time, so that the other cores go on answering; so many wait at most. */
const WAITING_LIMIT = 8;

/** Work that is done one piece after the other. */
export class OneAtATime {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly limit: number) {}

  /** Does the work in its turn. Throws {@link ReplayOverloadedError} where too much waits. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= this.limit)
      throw new ReplayOverloadedError(`${this.limit} long streams wait to be folded, as many as may. Try again.`);
    this.#waiting += 1;
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done.finally(() => (this.#waiting -= 1));
  }
}

const threads = new OneAtATime(WAITING_LIMIT);

/**
 * What the entries of a policy's stream come to at a coordinate, by folding them: short streams here, long ones in a
 * thread of their own, one after the other, so that this one goes on answering.
 *
 * Throws {@link ReplayOverloadedError} where too many wait.
 */
export async function foldedFacts(entries: readonly LogEntry[], at: Coordinate): Promise<FactsAt> {
  return entries.length <= SHORT_STREAM
    ? foldEntries({ entries, at })
    : threads.run(() => foldInThread({ entries, at }));
}

/** Folds entries; also the work of a thread. */
export function foldEntries({ entries, at }: ReplayTask): FactsAt {
  const asserting = entries.filter(
    ({ type, position }) => type !== REGISTERED && type !== DISREGARDED && position <= at.recorded,
  );
  const state = stateAt(asserting.map(fromStored), at);
  return { facts: [...state.facts.values()], uncertain: state.uncertain, eventCount: keysInForce(state).length };
}

async function foldInThread(task: ReplayTask): Promise<FactsAt> {
  const worker = new Worker(new URL(`./replay-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData: task,
  });
  try {
    return await new Promise<FactsAt>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`A thread that folds ended with ${code}.`)));
    });
  } finally {
    await worker.terminate();
  }
}
