import type { Pool } from 'pg';
import type { Projection } from '../projection.js';
import type { Batch } from './batch.js';
import { isSuspect, paused } from './faults.js';
import type { Narrowing } from './narrowing.js';
import { findRefused, isDatabaseSound } from './poison.js';
import type { Sieve } from './set-aside.js';

/** How often the rows of one event are tried before a fault that comes back is taken for theirs. */
const TRIES_ALONE = 3;

/** Before it is tried again while the database takes nothing at all. */
const UNSOUND_PAUSE_MS = 3_000;

/** The database refuses something in a batch; it is known what, and the round begins again. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** How often a batch is tried while faults are suspect: of more than one event once, then in smaller batches. */
export const suspectTriesOf = ({ size }: Pick<Batch, 'size'>): number => (size === 1 ? TRIES_ALONE : 1);

/** Where a batch is refused, and what then keeps it from being tried in the same way again. */
export interface Refusing {
  readonly pool: Pool;
  readonly projections: readonly Projection[];
  readonly sieve: Sieve;
  readonly narrowing: Narrowing;
  readonly signal: AbortSignal;
}

/**
 * Sees to it that what the database refuses is taken in smaller batches or, if it is one event, sifted out of the same
 * entries: then throws {@link RefusedError}. Throws the error itself where it says nothing of the batch.
 */
export async function noteRefusal(
  { after, last, size, taken }: Batch,
  error: unknown,
  { pool, projections, sieve, narrowing, signal }: Refusing,
): Promise<never> {
  if (isSuspect(error) && size > 1) {
    narrowing.narrow({ after, to: last.position, size });
    throw new RefusedError(`The entries after ${after} up to ${last.position} are too much for one batch.`);
  }
  if (isSuspect(error) && !(await isDatabaseSound(pool))) {
    await paused(UNSOUND_PAUSE_MS, signal);
    throw error;
  }
  const refused = await findRefused(pool, projections, taken);
  if (!refused) throw error;
  sieve.refuse(refused);
  throw new RefusedError(refused.message);
}
