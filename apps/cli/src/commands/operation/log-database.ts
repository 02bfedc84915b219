import { errorCodeOf, faultOf, isTransient } from '#postgres';
import { CannotStart, type Configuration, readConfiguration } from '#runtime';
import { EXIT, Failure } from '../../exit-code.js';
import type { Terminal } from '../../terminal.js';

/** Reads the settings of the service; throws a {@link Failure} with every mistake in them. */
export function readSettings({ env }: Terminal): Configuration {
  const outcome = readConfiguration(env, process.cwd());
  if (outcome.ok) return outcome.configuration;
  throw new Failure(EXIT.usage, outcome.mistakes.join('\n'));
}

/** What was about to be done, in words, and the directory that it was done with. */
export interface Attempt {
  readonly verb: 'taken' | 'restored';
  readonly directory: string;
}

/** The error codes of Node about files, in words. */
const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on its disk',
  EDQUOT: 'the quota of its disk is used up',
  EFBIG: 'a file would be too large for its disk',
  EACCES: 'this account may not write or read there',
  EPERM: 'this account may not write or read there',
  EROFS: 'its disk is read-only',
  ENOTDIR: 'it is not a directory',
  EEXIST: 'it is not a directory',
  EIO: 'its disk has a fault',
};

/** Throws a {@link Failure} that says in a sentence why a backup was not taken or restored, and that nothing changed. */
export function throwUnavailable(error: unknown, { verb, directory }: Attempt): never {
  if (error instanceof Failure) throw error;
  const code = errorCodeOf(error) ?? '';
  const isUnchanged =
    verb === 'taken' ? 'No backup was taken; an earlier one in this directory is as it was.' : 'Nothing was restored.';
  const reason = FILE_FAULTS[code];
  if (reason !== undefined)
    throw new Failure(EXIT.unavailable, `${directory} cannot be used: ${reason}. ${isUnchanged}`);
  throw new Failure(EXIT.unavailable, `${isUnchanged} ${databaseReason(error, code)}`);
}

function databaseReason(error: unknown, code: string): string {
  const message = error instanceof Error ? error.message : String(error);
  if (code === '55P03')
    return 'Another backup of this log is being taken, or the log is locked. Try again when it is done.';
  if (code === '53100') return 'The disk of the database is full.';
  if (code === '28000') return `Run this as the account of the service: ${message}.`;
  if (error instanceof CannotStart) return message;
  if (isTransient(error) || faultOf(error) === 'cannot-connect') return `The database cannot be used: ${message}`;
  return `The attempt failed: ${message}`;
}
