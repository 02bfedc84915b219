import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type RecordedEvent, fromStored } from '#domain';
import type { LogEntry } from '#event-log/reads';
import { Interrupted, Turns } from '#runtime/turns';
import type { Coordinate, PausingWork } from '#temporal';
import { type FactsAt, type ToldEntry, foldAt, isFolded, toldEntry } from './fold-entries.js';

/** What a thread is told: entries to keep, a coordinate to fold them at, or that it may go on with its answer. */
export type ReplayRequest =
  { readonly entries: readonly ToldEntry[] } | { readonly at: Coordinate } | { readonly goOn: true };

/** A part of what a thread answers. */
export interface ReplayPiece extends FactsAt {
  readonly isLast: boolean;
}

/** Too many long streams wait to be folded: try again. */
export class ReplayOverloadedError extends Error {
  override readonly name = 'ReplayOverloadedError';
}

/** A stream is too long to be folded for an answer, or took too long. */
export class ReplayTooLongError extends Error {
  override readonly name = 'ReplayTooLongError';
}

/** Answers what some entries come to at a coordinate. */
export type FoldedAt = (at: Coordinate) => Promise<FactsAt>;

/** A stream of no more entries is folded before a thread would have started. */
const SHORT_STREAM = 500;

/** One stream is folded at a time, so that the other cores go on answering; so many wait at most. */
const WAITING_LIMIT = 8;

/** For so long at most, the wait included, a long stream is folded for one answer. */
const LIMIT_MS = 30_000;

/** So many entries are told at a time. */
const ENTRIES_AT_ONCE = 200;

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

/**
 * Folds the entries of policies' streams anew, for answers: short streams here, long ones in a thread of their own, one
 * after the other, so that this one goes on answering.
 */
export class Replays {
  readonly #threads = new OneAtATime(WAITING_LIMIT);

  constructor(private readonly limitMs = LIMIT_MS) {}

  /**
   * What the entries of a stream come to at a coordinate.
   *
   * Throws {@link ReplayOverloadedError} where too many wait, and {@link ReplayTooLongError} where it takes too long.
   */
  factsAt(entries: readonly LogEntry[], at: Coordinate): Promise<FactsAt> {
    return this.fold(entries, (foldedAt) => foldedAt(at));
  }

  /**
   * Does work on the events of a stream, in turns of this thread: of long streams one after the other, as {@link factsAt}
   * does, and for no longer.
   */
  inTurns<Result>(
    entries: readonly LogEntry[],
    work: (events: readonly RecordedEvent[]) => PausingWork<Result>,
  ): Promise<Result> {
    const events = entries.filter(isFolded).map(fromStored);
    if (events.length <= SHORT_STREAM) return new Turns().run(work(events));
    const signal = AbortSignal.timeout(this.limitMs);
    return this.#threads.run(async () => {
      try {
        return await new Turns(signal).run(work(events));
      } catch (error) {
        throw error instanceof Interrupted ? tookTooLong(this.limitMs) : error;
      }
    });
  }

  /** As {@link factsAt}, at as many coordinates as the work asks for. */
  async fold<Result>(entries: readonly LogEntry[], work: (foldedAt: FoldedAt) => Promise<Result>): Promise<Result> {
    const folded = entries.filter(isFolded);
    if (folded.length <= SHORT_STREAM) {
      const events = folded.map(fromStored);
      return work((at) => Promise.resolve(foldAt(events, at)));
    }
    // Whoever came before ends before this does, so nobody waits for longer than for this.
    const signal = AbortSignal.timeout(this.limitMs);
    return this.#threads.run(async () => {
      const thread = new ReplayThread(signal, this.limitMs);
      try {
        await thread.take(folded);
        return await work((at) => thread.factsAt(at));
      } finally {
        await thread.end();
      }
    });
  }
}

const tookTooLong = (limitMs: number): ReplayTooLongError =>
  new ReplayTooLongError(`The events were not folded within ${limitMs} ms.`);

/** One thread; answers one question at a time. */
class ReplayThread {
  readonly #worker = new Worker(new URL(`./replay-thread${extname(import.meta.url)}`, import.meta.url));
  #answer: { readonly resolve: (piece: ReplayPiece) => void; readonly reject: (error: Error) => void } | undefined;
  #ended: Error | undefined;

  constructor(signal: AbortSignal, limitMs: number) {
    this.#worker.on('message', (piece: ReplayPiece) => this.#answer?.resolve(piece));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', (code) => this.#end(new Error(`A thread that folds ended with ${code}.`)));
    const isLate = (): void => this.#end(tookTooLong(limitMs));
    if (signal.aborted) isLate();
    signal.addEventListener('abort', isLate, { once: true });
  }

  /** Tells the thread entries to keep. */
  async take(entries: readonly LogEntry[]): Promise<void> {
    const turns = new Turns();
    for (let from = 0; from < entries.length && !this.#ended; from += ENTRIES_AT_ONCE) {
      this.#tell({ entries: entries.slice(from, from + ENTRIES_AT_ONCE).map(toldEntry) });
      if (turns.isOver) await turns.next();
    }
  }

  async factsAt(at: Coordinate): Promise<FactsAt> {
    const [facts, uncertain]: [FactsAt['facts'][number][], FactsAt['uncertain'][number][]] = [[], []];
    for (let piece = await this.#ask({ at }); ; piece = await this.#ask({ goOn: true })) {
      facts.push(...piece.facts);
      uncertain.push(...piece.uncertain);
      if (piece.isLast) return { facts, uncertain, eventCount: piece.eventCount };
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(request: ReplayRequest): Promise<ReplayPiece> {
    if (this.#ended) throw this.#ended;
    return new Promise<ReplayPiece>((resolve, reject) => {
      this.#answer = { resolve, reject };
      this.#tell(request);
    });
  }

  #tell(request: ReplayRequest): void {
    this.#worker.postMessage(request);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#answer?.reject(this.#ended);
  }
}
