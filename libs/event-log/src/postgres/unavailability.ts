import { type DatabaseFault, faultOf, isConnectionFault } from '#postgres';
import { LogUnavailableError } from '../port.js';

/** Why the database took a transaction back; none says that the transaction is at fault. */
const TAKEN_BACK: Readonly<Partial<Record<DatabaseFault, string>>> = {
  'lock-timeout': 'A long append is in progress.',
  cancelled: 'The append exceeded the time limit of the database.',
  'disk-full': 'The disk of the database is full.',
  'out-of-memory': 'The database is out of memory.',
  'out-of-resources': 'The database is out of memory.',
  conflict: 'Another transaction conflicted with this one.',
  'read-only': 'The database refuses writes; another server may have taken over.',
  system: 'The database cannot read or write its files.',
};

/** What is said where a lost connection leaves open what was recorded. */
export const makeUnsettledError = (cause: unknown): LogUnavailableError =>
  new LogUnavailableError('The database cannot be reached. Send the same request again: it is recorded at most once.', {
    cause,
  });

/** What the port promises for an error of the driver that says nothing against the append; else undefined. */
export function unavailabilityOf(error: unknown): LogUnavailableError | undefined {
  if (isConnectionFault(error)) return makeUnsettledError(error);
  const fault = faultOf(error);
  const reason = fault && TAKEN_BACK[fault];
  return reason === undefined
    ? undefined
    : new LogUnavailableError(`${reason} Nothing was recorded; try again shortly.`, { cause: error });
}

/** The result of a statement; an error for which that is so as {@link LogUnavailableError}. */
export async function reportUnavailability<Result>(statement: Promise<Result>): Promise<Result> {
  try {
    return await statement;
  } catch (error) {
    throw unavailabilityOf(error) ?? error;
  }
}
