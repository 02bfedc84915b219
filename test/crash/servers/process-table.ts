import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const LOOK_AGAIN_MS = 10;

/** The numbers of the processes that a process has started and that still run. */
export async function childrenOf(parent: number): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
}

/** Sends a signal; false when there is no such process any more. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Resolves when none of the processes is there any more; throws when one still is after the limit. */
export async function gone(pids: readonly number[], limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (let left = pids; left.length > 0; left = left.filter((pid) => sendSignal(pid, 0))) {
    if (Date.now() > deadline) throw new Error(`Still there after ${limitMs} ms: ${left.join(', ')}.`);
    await delay(LOOK_AGAIN_MS);
  }
}
