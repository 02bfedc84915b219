import { setTimeout as delay } from 'node:timers/promises';
import { type PtlOutcome, spawnPtl } from '../../e2e/cli/running-ptl.js';
import type { Random } from '../load/random.js';

/** A run of `ptl`, and how to see from outside that it has begun its work. */
export interface Command {
  readonly given: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly hasBegun: () => Promise<boolean>;
}

/** How a run ended, and how long it was at work. */
export interface Ended extends PtlOutcome {
  readonly workMs: number;
  readonly wasKilled: boolean;
}

const LOOK_AGAIN_MS = 5;
/** Past the length of a whole run, so that the last moments are struck as well. */
const BEYOND = 1.1;

/** Runs a command to its end. */
export const runWhole = (command: Command): Promise<Ended> => run(command, undefined);

/** Runs a command and ends it with SIGKILL at a random moment of its work, of which a whole run took so long. */
export const runKilled = (command: Command, random: Random, wholeMs: number): Promise<Ended> =>
  run(command, random.share() * wholeMs * BEYOND);

async function run({ given, variables, hasBegun }: Command, killAfterMs: number | undefined): Promise<Ended> {
  const { child, ended } = spawnPtl(given, { variables });
  let isOver = false;
  void ended.finally(() => (isOver = true));
  while (!isOver && !(await hasBegun())) await delay(LOOK_AGAIN_MS);
  const begun = performance.now();
  if (killAfterMs !== undefined) {
    await Promise.race([delay(killAfterMs), ended]);
    child.kill('SIGKILL');
  }
  const outcome = await ended;
  return { ...outcome, workMs: performance.now() - begun, wasKilled: child.signalCode === 'SIGKILL' };
}

/** Throws unless a command did what it was to do. */
export function requireDone({ code, out, said }: PtlOutcome, what: string): string {
  if (code === 0) return out;
  throw new Error(`${what} ended with ${code}: ${said}${out}`);
}
