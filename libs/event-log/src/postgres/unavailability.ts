import { type DatabaseFault, faultOf, isConnectionFault } from '#postgres';
import { LogUnavailableError } from '../port.js';

/** Reasons for which the database rolled a transaction back through no fault of the transaction. */
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

/** The error for a lost connection that leaves open whether something was recorded. */
export const makeUnsettledError = (cause: unknown): LogUnavailableError =>
  new LogUnavailableError('The database cannot be reached. Send the same request again: it is recorded at most once.', {
    cause,
  });

/** The error that the port promises for a fault of the database that is not the append's; undefined for any other. */
export function unavailabilityOf(error: unknown): LogUnavailableError | undefined {
  if (isConnectionFault(error)) return makeUnsettledError(error);
  const fault = faultOf(error);
  const reason = fault && TAKEN_BACK[fault];
  return reason === undefined
    ? undefined
    : new LogUnavailableError(`${reason} Nothing was recorded; try again shortly.`, { cause: error });
}

/** Awaits a statement; throws {@link LogUnavailableError} for a fault of the database that is not the statement's. */
export async function reportUnavailability<Result>(statement: Promise<Result>): Promise<Result> {
  try {
    return await statement;
  } catch (error) {
    throw unavailabilityOf(error) ?? error;
  }
}
