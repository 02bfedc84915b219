import type { Pool } from 'pg';
import { reportUnavailability } from '#event-log/adapter';
import type { StorePosition } from '../store/store.js';

/** The time after which a sequencer that was not seen loses its lease: it is dead, paused, or cut off. */
export const SEQUENCER_LEASE_MS = 3_000;

/** The interval at which the lease is renewed, or tried where another process has it. */
export const SEQUENCER_TICK_MS = 1_000;

/** The lease under which a sequencer writes. */
export interface SequencerLease {
  readonly owner: string;
  /** Grows with each owner: a process that lost the lease has an older one. */
  readonly epoch: string;
  /** The position in the store up to which the log was copied when the lease was acquired. */
  readonly copiedTo: StorePosition | undefined;
}

interface LeaseRow {
  readonly epoch: string | null;
  readonly store_commit: string | null;
  readonly store_prepare: string | null;
}

/** Acquires the lease where nobody has it, or whoever has it was not seen for {@link SEQUENCER_LEASE_MS}. */
export async function acquireSequencer(pool: Pool, owner: string): Promise<SequencerLease | undefined> {
  const { rows } = await reportUnavailability(
    pool.query<LeaseRow>({
      name: 'log-take-sequencer',
      text: 'SELECT epoch, store_commit, store_prepare FROM log.take_sequencer($1, $2)',
      values: [owner, SEQUENCER_LEASE_MS],
    }),
  );
  const [row] = rows;
  if (!row || row.epoch === null) return undefined;
  return { owner, epoch: row.epoch, copiedTo: copiedToOf(row) };
}

/** Renews the lease; false when another process has it by now. */
export async function renewSequencer(pool: Pool, { owner, epoch }: SequencerLease): Promise<boolean> {
  const { rows } = await reportUnavailability(
    pool.query<{ held: boolean }>({
      name: 'log-hold-sequencer',
      text: 'SELECT log.hold_sequencer($1, $2) AS held',
      values: [owner, epoch],
    }),
  );
  return rows[0]?.held ?? false;
}

/** Releases the lease, so that others need not wait. */
export async function releaseSequencer(pool: Pool, { owner, epoch }: SequencerLease): Promise<void> {
  await pool.query('SELECT log.leave_sequencer($1, $2)', [owner, epoch]);
}

const copiedToOf = ({ store_commit: commit, store_prepare: prepare }: LeaseRow): StorePosition | undefined =>
  commit === null || prepare === null ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare) };
