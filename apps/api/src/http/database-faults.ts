/**
 * SQLSTATEs that say nothing of what was asked: 08 connection, 25P03 idle too long, 40 rollback, 53 resources (a full
 * disk), 55P03 lock, 57P operator, 58 system.
 */
const PASSING = /^(?:08...|25P03|40...|53...|55P03|57P..|58...)$/;

const NETWORK = /^(?:ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;

/** A statement that took longer than the database gives it. */
const TOOK_TOO_LONG = '57014';

/** What of the database a thrown value tells: it cannot answer for now, or not in the time it has; undefined: nothing. */
export function databaseFault(thrown: unknown): 'unavailable' | 'took-too-long' | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const [code, severity] = [textOf(thrown, 'code'), textOf(thrown, 'severity')];
  if (code === TOOK_TOO_LONG) return 'took-too-long';
  // What is fatal ends the connection, whatever it is called: with a full disk, one cannot even be opened.
  if (severity === 'FATAL' || severity === 'PANIC') return 'unavailable';
  if (code !== undefined) return PASSING.test(code) || NETWORK.test(code) ? 'unavailable' : undefined;
  return /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    thrown.message,
  )
    ? 'unavailable'
    : undefined;
}

/** What a database lacks that cannot answer, by SQLSTATE. */
const MISSING: ReadonlyMap<string | undefined, string> = new Map([
  ['53100', "The database's disk is full."],
  ['53200', 'The database is short of memory.'],
  ['53300', 'The database has no connection free.'],
]);

/** In a sentence, why a database cannot answer for now. */
export const whatIsMissing = (thrown: unknown): string =>
  MISSING.get(thrown instanceof Error ? textOf(thrown, 'code') : undefined) ?? 'The database cannot be reached.';

function textOf(error: Error, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}
