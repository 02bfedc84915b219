import type { Pool } from 'pg';
import { reportUnavailability } from '#event-log/adapter';
import type { Lease } from './mirror-call.js';
import type { StorePosition } from '../store/store.js';

/** A sequencer that was not seen for so long is taken over from: dead, paused, or cut off. */
export const LEASE_MS = 3_000;

/** How often the lease is renewed, and looked whether it is free. */
export const LEASE_TICK_MS = 1_000;

/** The lease, and how far the log was copied when it was taken. */
export interface TakenLease extends Lease {
  readonly place: StorePosition | undefined;
}

interface LeaseRow {
  readonly epoch: string | null;
  readonly store_commit: string | null;
  readonly store_prepare: string | null;
}

/** Takes the lease where nobody has it, or whoever has it was not seen for {@link LEASE_MS}. */
export async function takeLease(pool: Pool, owner: string): Promise<TakenLease | undefined> {
  const { rows } = await reportUnavailability(
    pool.query<LeaseRow>({
      name: 'log-take-sequencer',
      text: 'SELECT epoch, store_commit, store_prepare FROM log.take_sequencer($1, $2)',
      values: [owner, LEASE_MS],
    }),
  );
  const [row] = rows;
  if (!row || row.epoch === null) return undefined;
  return { owner, epoch: row.epoch, place: placeOf(row) };
}

/** Renews the lease; false when another process has it by now. */
export async function holdLease(pool: Pool, { owner, epoch }: Lease): Promise<boolean> {
  const { rows } = await reportUnavailability(
    pool.query<{ held: boolean }>({
      name: 'log-hold-sequencer',
      text: 'SELECT log.hold_sequencer($1, $2) AS held',
      values: [owner, epoch],
    }),
  );
  return rows[0]?.held ?? false;
}

/** Lets go of the lease, so that others need not wait. */
export async function leaveLease(pool: Pool, { owner, epoch }: Lease): Promise<void> {
  await pool.query('SELECT log.leave_sequencer($1, $2)', [owner, epoch]);
}

const placeOf = ({ store_commit: commit, store_prepare: prepare }: LeaseRow): StorePosition | undefined =>
  commit === null || prepare === null ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare) };
