import { type DatabaseFault, faultOf } from '#postgres';

/** Tells by a thrown value whether the database is unavailable or took too long; undefined if it is not the cause. */
export function databaseProblem(thrown: unknown): 'unavailable' | 'took-too-long' | undefined {
  const fault = faultOf(thrown);
  if (fault === undefined || fault === 'integrity') return undefined;
  return fault === 'cancelled' ? 'took-too-long' : 'unavailable';
}

/** Sentences for the resources that a database can lack. */
const MISSING: Readonly<Partial<Record<DatabaseFault, string>>> = {
  'disk-full': 'The disk of the database is full.',
  'out-of-memory': 'The database is out of memory.',
  'too-many-connections': 'The database has no free connection.',
};

/** Explains in a sentence why the database cannot answer at the moment. */
export function whatIsMissing(thrown: unknown): string {
  const fault = faultOf(thrown);
  return (fault && MISSING[fault]) ?? 'The database cannot be reached.';
}
