import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Proof } from '../proofs/proofs.js';
import type { Random } from '../load/random.js';
import { type Command, requireDone, runKilled, runWhole } from './killed-commands.js';
import { type LogPlace, variablesOf } from './running-service.js';
import { remainsOfLog, withClient } from './stored-rows.js';

/** What a restore said that it has restored. */
export interface Restored {
  readonly position: number;
  readonly root: string;
  /** From the process's start on, and from when its work could be seen from outside. */
  readonly tookMs: number;
  readonly workMs: number;
}

/** Restores that were killed before they had committed and after, or were done before they could be killed. */
export interface KilledRestores {
  readonly before: number;
  readonly after: number;
  readonly done: number;
  readonly against: readonly string[];
}

/** A place to restore into that can be made empty again, whatever was done to it. */
export interface RestoreTarget {
  readonly place: LogPlace;
  readonly empty: () => Promise<void>;
}

const REJECTED = 4;
const ROLLED_BACK_LIMIT_MS = 60_000;
const LOOK_AGAIN_MS = 20;

/** Restores a backup in whole. */
export async function restoreOne(directory: string, place: LogPlace): Promise<Restored> {
  const begun = performance.now();
  const outcome = await runWhole(await commandTo(directory, place));
  const { position, root }: Restored = JSON.parse(requireDone(outcome, `ptl restore into ${place.name}`));
  return { position, root, tookMs: Math.round(performance.now() - begun), workMs: outcome.workMs };
}

/** Kills so many restores at random moments, each tried straight after the other; each leaves nothing or all. */
export async function killRestores(
  directory: string,
  { place, empty }: RestoreTarget,
  { kills, random, wholeMs }: { readonly kills: number; readonly random: Random; readonly wholeMs: number },
): Promise<KilledRestores> {
  const count = { before: 0, after: 0, done: 0 };
  const against: string[] = [];
  let last: 'before' | undefined;
  for (let kill = 0; kill < kills; kill += 1) {
    const { wasKilled, code, said, workMs } = await runKilled(await commandTo(directory, place), random, wholeMs);
    const isAllThere = wasKilled && place.databaseUrl !== undefined && (await hasLog(place.databaseUrl));
    if (isAllThere) count.after += 1;
    else if (wasKilled) count.before += 1;
    else if (code === 0) count.done += 1;
    else if (code === REJECTED && last === 'before') {
      // Where nobody can look in between, the next one says what the last has left.
      count.before -= 1;
      count.after += 1;
    } else against.push(`a try after a kill ended with ${code}: ${said}`);
    const remains = isAllThere || place.databaseUrl === undefined ? [] : await remainsUnless(code === 0, place);
    against.push(...remains.map((each) => `killed after ${Math.round(workMs)} ms: ${each}`));
    last = wasKilled && !isAllThere ? 'before' : undefined;
    if (last === undefined) await empty();
  }
  return { ...count, against };
}

const remainsUnless = async (isDone: boolean, { databaseUrl = '' }: LogPlace): Promise<readonly string[]> =>
  isDone ? [] : remainsOfLog(databaseUrl);

/** Whether a killed restore had committed; looked at when its connection is gone. */
async function hasLog(url: string): Promise<boolean> {
  await withClient(url, async (client) => {
    const deadline = Date.now() + ROLLED_BACK_LIMIT_MS;
    for (;;) {
      const { rows } = await client.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'ptl-restore%'",
      );
      if (rows.length === 0) return;
      if (Date.now() > deadline) throw new Error('A killed restore still has its connection.');
      await delay(LOOK_AGAIN_MS);
    }
  });
  return withClient(url, async (client) => {
    const there = await client.query<{ is: boolean }>("SELECT to_regclass('log.head') IS NOT NULL AS is");
    if (there.rows[0]?.is !== true) return false;
    const { rows } = await client.query<{ position: number }>('SELECT position::float8 AS position FROM log.head');
    return (rows[0]?.position ?? 0) > 0;
  });
}

async function commandTo(directory: string, place: LogPlace): Promise<Command> {
  const { databaseUrl, dataFolder } = place;
  const lockFile = join(dataFolder, 'postgres', 'postmaster.pid');
  const server = (): Promise<string> =>
    readFile(lockFile, 'utf8').then(
      (text) => text.split('\n')[0] ?? '',
      () => '',
    );
  const before = await server();
  return {
    given: ['restore', directory, '--json'],
    variables: variablesOf(place),
    hasBegun: async () => {
      if (databaseUrl !== undefined) return isConnected(databaseUrl);
      const now = await server();
      return now !== '' && now !== before;
    },
  };
}

const isConnected = (url: string): Promise<boolean> =>
  withClient(url, async (client) => {
    const { rows } = await client.query(
      'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = $1',
      ['client backend'],
    );
    return rows.length > 0;
  });

/** Killed restores left nothing or all, and whatever was tried after them worked. */
export const killedRestoresLeaveNothingOrAll = (
  { before, after, done, against }: KilledRestores,
  where: string,
): Proof => ({
  claim: `${before} restores into ${where} killed before they had committed left nothing, ${after} killed after that all, ${done} were done sooner, and each next try worked`,
  against,
});
