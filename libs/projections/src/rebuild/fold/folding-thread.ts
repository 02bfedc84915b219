// A thread that folds streams: told the name of one, it answers its rows. See folding-threads.ts.
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { postgresReads } from '#event-log/reads';
import { openSamePool } from '#postgres';
import { projections as readModels } from '../../read-models/registry.js';
import { type FoldedStream, foldStream } from './fold-streams.js';
import type { ThreadAnswer, ThreadTask } from './folding-threads.js';

const task: ThreadTask = workerData;
// On Linux a priority is the thread's own, elsewhere the process's: answers come first, folding has time.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);
// A connection that breaks makes the statement fail that is under way, or the next one.
const pool = openSamePool(task.connection, { connectionLimit: 1, onIdleError: () => undefined });
const log = postgresReads(pool);
const projections = readModels.filter(({ name }) => task.projections.includes(name));

parentPort?.on('message', (stream: string) => {
  foldStream(stream, { log, projections, upTo: task.upTo }).then(answer, (error: unknown) => tell(faultOf(error)));
});

function answer({ texts, events }: FoldedStream): void {
  const told = texts.map(({ table, parts }) => ({ table: table.name, parts }));
  tell(
    { texts: told, events },
    told.flatMap(({ parts }) => parts.map(({ buffer }) => buffer)),
  );
}

function tell(answered: ThreadAnswer, moved: readonly ArrayBufferLike[] = []): void {
  parentPort?.postMessage(
    answered,
    moved.filter((buffer) => buffer instanceof ArrayBuffer),
  );
}

/** An error as far as it can be told between threads, its code with it. */
function faultOf(error: unknown): ThreadAnswer {
  if (!(error instanceof Error)) return { error: { name: 'Error', message: String(error), code: undefined } };
  const code: unknown = Reflect.get(error, 'code');
  return { error: { name: error.name, message: error.message, code: typeof code === 'string' ? code : undefined } };
}
