import { cp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupFolder, verifyBackup } from '#backup';
import { MANIFEST } from '../../../libs/backup/src/form/manifest.js';
import type { Proof } from '../proofs/proofs.js';
import type { Random } from '../load/random.js';
import { type Command, requireDone, runKilled, runWhole } from './killed-commands.js';
import { type LogPlace, variablesOf } from './running-service.js';

/** A backup that a run of `ptl backup` took. */
export interface TakenRun {
  readonly position: number;
  readonly root: string;
  readonly kept: number;
  readonly written: number;
  /** From the process's start on, and from when its work could be seen from outside. */
  readonly tookMs: number;
  readonly workMs: number;
}

/** Backups that were taken, again and again, into one directory. */
export interface BackupRuns {
  readonly taken: TakenRun[];
  /** How many runs were killed before they had replaced the list, and after. */
  readonly killed: { before: number; after: number };
  readonly against: string[];
  readonly againstKills: string[];
}

/** The directory of backups, and what it is of. */
export interface BackupCourse {
  readonly place: LogPlace;
  readonly directory: string;
  readonly random: Random;
}

/** Takes a backup, or goes on with the one that is there; `least` is a position that must be in it. */
export async function takeOne({ place, directory }: BackupCourse, runs: BackupRuns, least: number): Promise<TakenRun> {
  const begun = performance.now();
  const outcome = await runWhole(commandTo({ place, directory }));
  const { position, root, unsigned, files }: Taken = JSON.parse(requireDone(outcome, 'ptl backup'));
  const taken = {
    position,
    root,
    kept: files.kept,
    written: files.written,
    tookMs: Math.round(performance.now() - begun),
    workMs: outcome.workMs,
  };
  runs.taken.push(taken);
  if (unsigned > 0) runs.against.push(`${unsigned} entries were not signed at position ${position}`);
  if (position < least)
    runs.against.push(`the backup at ${position} lacks ${least}, which was recorded before it began`);
  const strays = await straysIn(directory);
  if (strays.length > 0) runs.against.push(`files were left: ${strays.join(', ')}`);
  return taken;
}

interface Taken {
  readonly position: number;
  readonly root: string;
  readonly unsigned: number;
  readonly files: { readonly kept: number; readonly written: number };
}

/** Kills a run at a random moment; what the directory then has must be the backup before it or a whole new one. */
export async function killOne(course: BackupCourse, runs: BackupRuns, wholeMs: number): Promise<void> {
  const { directory, random } = course;
  const before = await readFile(join(directory, MANIFEST), 'utf8');
  const { wasKilled } = await runKilled(commandTo(course), random, wholeMs);
  const after = await readFile(join(directory, MANIFEST), 'utf8');
  if (wasKilled) runs.killed[before === after ? 'before' : 'after'] += 1;
  const verified = await verifyBackup(new BackupFolder(directory));
  if (verified.verdict === 'refused') runs.againstKills.push(verified.fault.message);
}

function commandTo({ place, directory }: Pick<BackupCourse, 'place' | 'directory'>): Command {
  let before: number | undefined;
  return {
    given: ['backup', directory, '--json'],
    variables: variablesOf(place),
    // What it writes first is a draft, beside what was there.
    hasBegun: async () => {
      const count = (await readdir(directory).catch(() => [])).length;
      before ??= count;
      return count > before;
    },
  };
}

/** Files in the directory that the list does not have. */
async function straysIn(directory: string): Promise<readonly string[]> {
  const listed = await listedIn(directory);
  return (await readdir(directory)).filter((name) => name !== MANIFEST && !listed.has(name));
}

async function listedIn(directory: string): Promise<ReadonlySet<string>> {
  const text = await readFile(join(directory, MANIFEST), 'utf8');
  return new Set(text.split('\n').flatMap((line) => line.split('  ').slice(1)));
}

/** The files that two backups list, but for what says when each was taken: the names are of their content. */
export async function differingFiles(one: string, other: string): Promise<readonly string[]> {
  const [first, second] = await Promise.all([one, other].map(contentsIn));
  return [...(first ?? [])].filter((name) => !second?.has(name));
}

const contentsIn = async (directory: string): Promise<ReadonlySet<string>> =>
  new Set([...(await listedIn(directory))].filter((name) => !name.startsWith('backup.')));

/** Keeps what a directory has now. */
export const keepCopy = (directory: string, copy: string): Promise<void> => cp(directory, copy, { recursive: true });

/** Every backup that was taken while others wrote was whole, and had all that was recorded before it began. */
export const backupsAreWhole = ({ taken, against }: BackupRuns): Proof => ({
  claim: `each of ${taken.length} backups of a log in use verifies, and has what was recorded before it began`,
  against,
});

/** A run that was killed left the backup before it, or its own, whole. */
export const killedBackupsLeaveOne = ({ killed, againstKills }: BackupRuns): Proof => ({
  claim: `each of ${killed.before + killed.after} killed backups leaves the one before or its own whole, and the next is taken`,
  against: againstKills,
});
