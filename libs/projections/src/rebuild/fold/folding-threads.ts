import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Pool } from 'pg';
import { type ConnectionSettings, connectionSettingsOf } from '#postgres';
import type { Projection } from '../../rows/projection.js';
import { projections as readModels } from '../../read-models/registry.js';
import type { Table } from '../../rows/table.js';
import { type FoldedStream, type StreamFolder, type StreamFolding, foldHere } from './fold-streams.js';

/** Room for what is young in a thread, so that what a stream leaves behind is swept away at once. */
const YOUNG_MB = 48;

/** What a thread is started with. */
export interface ThreadTask {
  /** How the pool of the caller connects. */
  readonly connection: ConnectionSettings;
  /** Names of read models. */
  readonly projections: readonly string[];
  readonly upTo: StreamFolding['upTo'];
}

/** The answer of a thread for a stream. */
export type ThreadAnswer =
  | {
      readonly texts: readonly { readonly table: string; readonly parts: readonly Uint8Array[] }[];
      readonly events: number;
    }
  | { readonly error: { readonly name: string; readonly message: string; readonly code: string | undefined } };

/** How many threads are to fold, and over which connection they are to read the log. */
export interface ThreadedFolding extends Pick<StreamFolding, 'projections' | 'upTo' | 'signal'> {
  /** Leads to the database that holds the log. */
  readonly pool: Pool;
  /** None folds here. */
  readonly threads: number;
}

/** A log shorter than this is folded before threads would have started. */
const LONG_LOG = 20_000;

/** Folds in threads where that is worth it and can be done: they know the product's own read models, by name. */
export const folderOf = (folding: ThreadedFolding & StreamFolding): StreamFolder =>
  folding.threads > 0 && folding.upTo >= LONG_LOG && areKnown(folding.projections)
    ? foldInThreads(folding)
    : foldHere(folding);

const areKnown = (projections: readonly Projection[]): boolean =>
  projections.every((projection) => readModels.includes(projection));

/**
 * Folds in threads of their own, each with its own connection, so that this one goes on answering meanwhile.
 *
 * Answers are those of `foldHere`. A thread that ends takes its stream down with an error that says so; the signal ends
 * all of them.
 */
export function foldInThreads({ pool, projections, upTo, threads, signal }: ThreadedFolding): StreamFolder {
  const task: ThreadTask = {
    connection: connectionSettingsOf(pool),
    projections: projections.map(({ name }) => name),
    upTo,
  };
  const tables = new Map(projections.flatMap((projection) => projection.tables.map((table) => [table.name, table])));
  const idle = Array.from({ length: threads }, () => new FoldingThread(task, tables));
  const all = [...idle];
  const waiting: ((thread: FoldingThread) => void)[] = [];
  const free = (thread: FoldingThread): void => {
    const next = waiting.shift();
    if (next) next(thread);
    else idle.push(thread);
  };
  const endAll = (): Promise<unknown> => Promise.all(all.map((thread) => thread.end()));
  // A thread that does not end by being told to ends with the process.
  const onAbort = (): void => void endAll().catch(() => undefined);
  signal?.addEventListener('abort', onAbort);
  return {
    width: 2 * threads,
    fold: async (stream) => {
      const thread = idle.pop() ?? (await new Promise<FoldingThread>((resolve) => waiting.push(resolve)));
      return thread.fold(stream).finally(() => free(thread));
    },
    close: async () => {
      signal?.removeEventListener('abort', onAbort);
      await endAll();
    },
  };
}

/** One thread; folds one stream at a time. */
class FoldingThread {
  readonly #worker: Worker;
  #settle: ((answer: ThreadAnswer | Error) => void) | undefined;
  #ended: Error | undefined;

  constructor(
    task: ThreadTask,
    private readonly tables: ReadonlyMap<string, Table>,
  ) {
    this.#worker = new Worker(new URL(`./folding-thread${extname(import.meta.url)}`, import.meta.url), {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#worker.on('message', (answer: ThreadAnswer) => this.#settle?.(answer));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', (code) => this.#end(new Error(`A thread that folds ended with ${code}.`)));
  }

  async fold(stream: string): Promise<FoldedStream> {
    if (this.#ended) throw this.#ended;
    const answer = await new Promise<ThreadAnswer | Error>((resolve) => {
      this.#settle = resolve;
      this.#worker.postMessage(stream);
    });
    if (answer instanceof Error) throw answer;
    if ('error' in answer) throw Object.assign(new Error(answer.error.message), answer.error);
    return {
      events: answer.events,
      texts: answer.texts.flatMap(({ table, parts }) => {
        const known = this.tables.get(table);
        return known ? [{ table: known, parts }] : [];
      }),
    };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#settle?.(this.#ended);
  }
}
