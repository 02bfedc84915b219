import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** How large a campaign on backups is, and how hard. */
export interface BackupOptions {
  /** Events that are imported before anything else: a full part of a backup has 16,384 entries. */
  readonly events: number;
  /** Events a second that are recorded one by one while backups are taken, for so many seconds. */
  readonly rate: number;
  readonly seconds: number;
  /** How often each is killed: taking, restoring into a server, restoring into a data directory. */
  readonly kills: number;
  /** Answers that are compared, at coordinates that are pinned on all three times. */
  readonly answers: number;
  readonly seed: number;
  /** Programs of another PostgreSQL, in `bin` of this folder; empty for the packaged ones. */
  readonly postgres: string;
  /** Keeps the log that is backed up in KurrentDB: `double`, or the address of a fresh server. */
  readonly kurrentdb: string;
}

export const BACKUP_USAGE =
  'npm run crash:backup -- [--events N] [--rate N] [--seconds N] [--kills N] [--answers N] [--seed N] [--postgres FOLDER] [--kurrentdb double|URL]';

/** Where Debian has the versions of PostgreSQL. */
const INSTALLED = '/usr/lib/postgresql';

/** Reads the command line; throws with a sentence for what it does not know. */
export function readBackupOptions(given: readonly string[], today: Date): BackupOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...given],
    options: {
      events: text,
      rate: text,
      seconds: text,
      kills: text,
      answers: text,
      seed: text,
      postgres: text,
      kurrentdb: text,
    },
  });
  return {
    events: countIn('events', values.events ?? '20000'),
    rate: countIn('rate', values.rate ?? '200'),
    seconds: countIn('seconds', values.seconds ?? '120'),
    kills: countIn('kills', values.kills ?? '20'),
    answers: countIn('answers', values.answers ?? '500'),
    seed: countIn('seed', values.seed ?? String(today.getTime() % 1_000_000_000)),
    postgres: values.postgres ?? installedPostgres(),
    kurrentdb: values.kurrentdb ?? '',
  };
}

/** The oldest version on the machine: the further from the embedded one, the better. */
function installedPostgres(): string {
  if (!existsSync(INSTALLED)) return '';
  const [oldest] = readdirSync(INSTALLED)
    .filter((version) => existsSync(join(INSTALLED, version, 'bin/initdb')))
    .toSorted((one, other) => Number(one) - Number(other));
  return oldest === undefined ? '' : join(INSTALLED, oldest);
}

function countIn(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number.`);
  return Number(text);
}
