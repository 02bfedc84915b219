import type { Pool } from 'pg';
import type { Position } from '#domain';
import { isSelfInflicted, sleep } from '#postgres';
import type { PolicyChange, Projection } from '../rows/projection.js';
import type { Batch } from './batch.js';
import type { Narrowing } from './narrowing.js';
import { UnprocessableEventError, errorOf, findRefused, isDatabaseSound } from './parking/parked-events.js';
import type { ParkedFilter } from './parking/parked-filter.js';

/** How often the rows of one event are tried before a fault that comes back is taken for theirs. */
const TRIES_ALONE = 3;

/** In so many rounds an event may be refused although no read model's rows are by themselves; then it is parked. */
const UNEXPLAINED_ROUNDS = 2;

/** Before it is tried again while the database takes nothing at all. */
const UNSOUND_PAUSE_MS = 3_000;

/** The database refuses something in a batch; it is known what, and the round begins again. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** How often a batch is tried while faults are suspect: of more than one event once, then in smaller batches. */
export const suspectTriesOf = ({ size }: Pick<Batch, 'size'>): number => (size === 1 ? TRIES_ALONE : 1);

/** Counts the rounds in which an event was refused, and no read model's rows by themselves. */
export class UnexplainedRefusals {
  readonly #rounds = new Map<Position, number>();

  /** Counts one more; true when it was the last that there may be. */
  count(at: Position): boolean {
    const rounds = (this.#rounds.get(at) ?? 0) + 1;
    this.#rounds.set(at, rounds);
    return rounds >= UNEXPLAINED_ROUNDS;
  }

  /** Forgets an event, because it is written. */
  passed(at: Position): void {
    this.#rounds.delete(at);
  }
}

/** What a refused batch is examined with, and what then keeps it from being tried in the same way again. */
export interface Refusing {
  readonly pool: Pool;
  readonly projections: readonly Projection[];
  readonly parkedFilter: ParkedFilter;
  readonly narrowing: Narrowing;
  readonly unexplained: UnexplainedRefusals;
  readonly signal: AbortSignal;
}

/**
 * Has what the database refuses processed in smaller batches or, if it is one event, parked: then throws {@link RefusedError}. Throws the error itself where it says nothing of the batch.
 */
export async function noteRefusal(batch: Batch, error: unknown, refusing: Refusing): Promise<never> {
  const { after, last, size, taken } = batch;
  const { pool, projections, parkedFilter, narrowing, signal } = refusing;
  if (isSelfInflicted(error) && size > 1) {
    narrowing.narrow({ after, to: last.position, size });
    throw new RefusedError(`The entries after ${after} up to ${last.position} are too much for one batch.`);
  }
  if (isSelfInflicted(error) && !(await isDatabaseSound(pool))) {
    await sleep(UNSOUND_PAUSE_MS, signal);
    throw error;
  }
  const refused = (await findRefused(pool, projections, taken)) ?? refusedTogether(batch, error, refusing);
  if (!refused) throw error;
  parkedFilter.refuse(refused);
  throw new RefusedError(refused.message);
}

/**
 * The change to park of an event that comes back as too much, and of which no read model's rows are too much by
 * themselves: that with the most rows. Undefined while it may still pass.
 */
function refusedTogether(
  { last, taken }: Batch,
  error: unknown,
  { projections, unexplained }: Refusing,
): UnprocessableEventError | undefined {
  if (!isSelfInflicted(error) || !unexplained.count(last.position)) return undefined;
  const [heaviest] = projections
    .flatMap((projection) =>
      (taken.get(projection.name) ?? []).map((change) => ({
        projection,
        change,
        rows: rowsOf(projection, change),
      })),
    )
    .toSorted((one, other) => other.rows - one.rows);
  if (!heaviest || heaviest.rows === 0) return undefined;
  const { message } = errorOf(error);
  const cause = new Error(`Refused only together with the rows of other read models: ${message}`);
  return new UnprocessableEventError(heaviest.projection.name, heaviest.change, cause);
}

const rowsOf = (projection: Projection, change: PolicyChange): number =>
  projection.changesOf(change).reduce((sum, { inserts, closes }) => sum + inserts.length + closes.length, 0);
