import type { Pool, PoolClient } from 'pg';

/** The time for which a process counts as the signer after it last renewed the lease. */
export const SIGNER_LEASE_MS = 5_000;

/** The interval at which the signer renews the lease, and at which others try to acquire it. */
export const SIGNER_LEASE_TICK_MS = 1_000;

/**
 * Acquires the work of signing, or renews it; false while another process has it.
 *
 * A lease saves work: that the tree never takes two ways is seen to by {@link advanceTree}. It is judged by the database's
 * clock alone. One that lasts longer than any that is given was given before that clock was set back, and does not count;
 * so its end is rounded down to the millisecond that is stored, never up.
 */
export async function acquireSignerLease(pool: Pool, owner: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'audit-take-lease',
    text: `UPDATE audit.follower SET owner = $1, leased_until = date_trunc('milliseconds', clock_timestamp()) + $2 * interval '1 millisecond'
      WHERE owner = $1 OR owner IS NULL OR leased_until < clock_timestamp()
        OR leased_until > clock_timestamp() + $2 * interval '1 millisecond'`,
    values: [owner, SIGNER_LEASE_MS],
  });
  return rowCount === 1;
}

/** Releases the lease, so that others need not wait. */
export async function releaseSignerLease(pool: Pool, owner: string): Promise<void> {
  await pool.query('UPDATE audit.follower SET owner = NULL WHERE owner = $1', [owner]);
}

/** Notes why the tree goes no further, or, with null, that it does. */
export async function noteError(pool: Pool, owner: string, error: string | null): Promise<void> {
  await pool.query('UPDATE audit.follower SET error = $2 WHERE owner = $1 AND error IS DISTINCT FROM $2', [
    owner,
    error,
  ]);
}

/** From where to where the tree grows. */
export interface TreeMove {
  readonly owner: string;
  readonly from: number;
  readonly to: number;
  readonly edge: Uint8Array;
}

/** Moves the tree's end in a transaction; false when another process follows, or the tree ends elsewhere by now. */
export async function advanceTree(client: PoolClient, { owner, from, to, edge }: TreeMove): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'audit-move',
    text: `UPDATE audit.follower SET position = $3, edge = $4, error = NULL,
        leased_until = date_trunc('milliseconds', clock_timestamp()) + $5 * interval '1 millisecond'
      WHERE owner = $1 AND position = $2`,
    values: [owner, from, to, edge, SIGNER_LEASE_MS],
  });
  return rowCount === 1;
}
