import type { Pool, PoolClient } from 'pg';
import { inTransaction, lockTransaction } from '#postgres';
import type { Membership } from './membership.js';
import {
  type Ownership,
  type StoredPartition,
  type StoredReadModel,
  acquirePartitions,
  notifyProcesses,
  readPartitions,
  readReadModels,
} from './stored-partitions.js';

/** How often a process shows itself, and looks whether there is anything to acquire or to release. */
export const REBALANCE_TICK_MS = 1_000;

/** What this process owns, and the read models as they are in that epoch or a later one. */
export interface Holding {
  readonly member: number;
  readonly partitions: readonly StoredPartition[];
  readonly models: readonly StoredReadModel[];
}

/** Spreads the partitions evenly over the living processes; answers what is this process's now. */
export async function rebalance(
  pool: Pool,
  { membership, name }: { membership: Membership; name: string },
): Promise<Holding> {
  await membership.connect({ joins: true });
  const member = membership.member ?? 0;
  return inTransaction(pool, async (client) => {
    await lockTransaction(client, 'readShares');
    const living = await membership.heartbeat(name, client);
    const partitions = await readPartitions(client);
    const { acquire, release } = fairShare(partitions, { member, living });
    if (release.length > 0) await releasePartitions(client, { member, partitions: release });
    const kept = partitions.filter(({ owner, partition }) => owner === member && !release.includes(partition));
    const acquired = acquire.length > 0 ? await acquirePartitions(client, { member, partitions: acquire }) : [];
    // Read last: a switch between the two shows in the epoch, and the next commit fails.
    return { member, partitions: [...kept, ...acquired], models: await readReadModels(client) };
  });
}

/** Releases everything, so that others need not wait. */
export async function releaseAll(pool: Pool, member: number): Promise<void> {
  await pool.query('UPDATE read.partitions SET owner = NULL WHERE owner = $1', [member]);
  await pool.query('DELETE FROM read.members WHERE member = $1', [member]);
  await notifyProcesses(pool, member);
}

interface Share {
  readonly acquire: readonly number[];
  readonly release: readonly number[];
}

/**
 * The partitions that a process should acquire of those without a living owner, or release, so that each has its share.
 * What does not divide goes to the processes that joined first.
 */
export function fairShare(
  partitions: readonly Pick<StoredPartition, 'partition' | 'owner'>[],
  { member, living }: { readonly member: number; readonly living: readonly number[] },
): Share {
  const before = living.filter((other) => other < member).length;
  const quota = Math.ceil((partitions.length - before) / Math.max(1, living.length));
  const own = partitions.filter(({ owner }) => owner === member);
  const free = partitions.filter(({ owner }) => owner === null || !living.includes(owner));
  const numbers = (some: typeof partitions): readonly number[] => some.map(({ partition }) => partition);
  return { acquire: numbers(free.slice(0, Math.max(0, quota - own.length))), release: numbers(own.slice(quota)) };
}

async function releasePartitions(client: PoolClient, { member, partitions }: Ownership): Promise<void> {
  await client.query({
    name: 'release-partitions',
    text: 'UPDATE read.partitions SET owner = NULL WHERE partition = ANY ($1) AND owner = $2',
    values: [partitions, member],
  });
  await notifyProcesses(client, member);
}
