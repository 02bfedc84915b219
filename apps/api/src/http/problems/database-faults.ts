import { type DatabaseFault, faultOf } from '#postgres';

/** Whether a database cannot answer for now, or not in the time it has, by a thrown value; undefined: it is not the cause. */
export function databaseProblem(thrown: unknown): 'unavailable' | 'took-too-long' | undefined {
  const fault = faultOf(thrown);
  if (fault === undefined || fault === 'integrity') return undefined;
  return fault === 'cancelled' ? 'took-too-long' : 'unavailable';
}

/** What a database lacks that cannot answer. */
const MISSING: Readonly<Partial<Record<DatabaseFault, string>>> = {
  'disk-full': 'The disk of the database is full.',
  'out-of-memory': 'The database is out of memory.',
  'too-many-connections': 'The database has no free connection.',
};

/** In a sentence, why a database cannot answer for now. */
export function whatIsMissing(thrown: unknown): string {
  const fault = faultOf(thrown);
  return (fault && MISSING[fault]) ?? 'The database cannot be reached.';
}
