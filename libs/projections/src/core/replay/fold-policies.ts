import type { Pool } from 'pg';
import { fromStored } from '#domain';
import type { EventLog } from '#event-log/reads';
import { Turns } from '#runtime/turns';
import { type PolicyState, stateSteps } from '#temporal';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { isFolded } from './fold-entries.js';
import { entriesOfPolicy } from './replay.js';
import { ReplayTooLongError } from './replay-threads.js';

/** One policy as its events, folded anew, show it. */
export interface RefoldedPolicy {
  /** Its number in every table. */
  readonly policy: number;
  readonly slug: string;
  readonly state: PolicyState;
}

/** Where policies are found, and their events. */
export interface FoldingPlace {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readStream'>;
}

/** The entries of all policies that are folded for one answer are no more. */
const MOST_ENTRIES = 50_000;

/**
 * Folds every policy that is registered at a coordinate, in the order of registration, and gives way to other work in
 * between. Throws {@link ReplayTooLongError} where there are too many events.
 */
export async function* foldPolicies(
  { pool, log }: FoldingPlace,
  at: ResolvedCoordinate,
): AsyncGenerator<RefoldedPolicy> {
  const turns = new Turns();
  let entries = 0;
  for (const { policy, slug } of await registeredAt(pool, at)) {
    const recorded = (await entriesOfPolicy(log, slug, at.recorded)).filter(isFolded);
    entries += recorded.length;
    if (entries > MOST_ENTRIES)
      throw new ReplayTooLongError('There are more events than are folded anew for one answer.');
    yield { policy, slug, state: await turns.run(stateSteps(recorded.map(fromStored), at)) };
  }
}

async function registeredAt(
  pool: Pool,
  { recorded }: ResolvedCoordinate,
): Promise<readonly Pick<RefoldedPolicy, 'policy' | 'slug'>[]> {
  const { rows } = await pool.query<Pick<RefoldedPolicy, 'policy' | 'slug'>>({
    name: 'policies-registered',
    text: 'SELECT DISTINCT policy, slug FROM read.policies WHERE recorded_from <= $1 ORDER BY policy',
    values: [recorded],
  });
  return rows;
}
