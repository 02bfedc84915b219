import { LogUnavailableError } from '../port.js';

/**
 * SQLSTATE classes that say the connection or the server is gone: 08 connection, 57P0 shutdown, 53300 too many
 * connections, 25P03 and 25P04 a transaction that idled or lasted too long.
 */
const GONE = /^(08...|57P0[1-5]|53300|25P0[34])$/;

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT']);

/** True for an error that says nothing of the statement, only that its fate is not known. */
export function isConnectionFault(error: unknown): boolean {
  const code = textOf(error, 'code');
  if (code !== undefined) return GONE.test(code) || NETWORK.has(code);
  return /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
    textOf(error, 'message') ?? '',
  );
}

/** True when a connection broke; not when none could be had in time, which another try would only wait for again. */
export const isLostConnection = (error: unknown): boolean =>
  isConnectionFault(error) && !/timeout/i.test(textOf(error, 'message') ?? '');

/** Why the database took a transaction back, by SQLSTATE; none says that the transaction is at fault. */
const TAKEN_BACK: readonly (readonly [code: RegExp, reason: string])[] = [
  [/^55P03$/, 'A long append is under way.'],
  [/^57014$/, 'The append took longer than the database allows.'],
  [/^53100$/, "The database's disk is full."],
  [/^53...$/, 'The database is short of memory.'],
  [/^(40001|40P01)$/, 'Another transaction was in the way.'],
  [/^25006$/, 'The database takes no writes; another may have taken over.'],
  [/^58...$/, 'The database cannot read or write its files.'],
];

/** What is said where a lost connection leaves open what was recorded. */
export const unsettled = (cause: unknown): LogUnavailableError =>
  new LogUnavailableError('The database cannot be reached. Send the same request again: it is recorded at most once.', {
    cause,
  });

/** What the port promises for an error of the driver that says nothing against the append; else undefined. */
export function unavailabilityOf(error: unknown): LogUnavailableError | undefined {
  if (isConnectionFault(error)) return unsettled(error);
  const code = textOf(error, 'code') ?? '';
  const reason = TAKEN_BACK.find(([taken]) => taken.test(code))?.[1];
  return reason === undefined
    ? undefined
    : new LogUnavailableError(`${reason} Nothing was recorded; try again shortly.`, { cause: error });
}

/** The result of a statement; an error for which that is so as {@link LogUnavailableError}. */
export async function orUnavailable<Result>(statement: Promise<Result>): Promise<Result> {
  try {
    return await statement;
  } catch (error) {
    throw unavailabilityOf(error) ?? error;
  }
}

/** A member of an error that is text. Asks for no class: errors of sockets come from outside a test's realm. */
function textOf(error: unknown, name: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
