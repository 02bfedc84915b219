// A thread that folds the entries it is started with, and answers what they come to. See replay-threads.ts.
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type ReplayTask, foldEntries } from './replay-threads.js';

// On Linux a priority is the thread's own, elsewhere the process's: other answers come first.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const task: ReplayTask = workerData;
parentPort?.postMessage(foldEntries(task));
