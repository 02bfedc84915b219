import type { Pool, PoolClient } from 'pg';
import { position } from '#domain';
import { inTransaction, lockTransaction } from '#postgres';
import { type Unit, unitKey } from '../ledgers/partitions.js';
import type { Presence } from './membership.js';
import { READ_CHANNEL, type StoredUnit, readUnits } from './partition-units.js';

/** How often a process shows itself, and looks whether there is anything to take or to leave to others. */
export const LEASE_TICK_MS = 1_000;

/** What this process holds after a look around. */
export interface Holding {
  readonly member: number;
  readonly units: readonly StoredUnit[];
}

/**
 * Shares the units out among the living processes, a fair part for each; whole partitions together where that is
 * possible, since the read models of a partition share one fold. Answers what is this process's now.
 */
export async function shareOut(pool: Pool, { presence, name }: { presence: Presence; name: string }): Promise<Holding> {
  await presence.connect({ takesPart: true });
  const member = presence.member ?? 0;
  return inTransaction(pool, async (client) => {
    await lockTransaction(client, 'readShares');
    const living = await presence.show(name, client);
    const units = await readUnits(client);
    const { take, leave } = fairShare(units, { member, living });
    if (leave.length > 0) await leaveUnits(client, { member, units: leave });
    const taken = new Map((await takeUnits(client, { member, units: take })).map((unit) => [unitKey(unit), unit]));
    const left = new Set(leave.map(unitKey));
    const kept = units.filter((unit) => unit.owner === member && !left.has(unitKey(unit)));
    return { member, units: [...kept, ...taken.values()] };
  });
}

/** Lets go of everything, so that others need not wait. */
export async function leaveAll(pool: Pool, member: number): Promise<void> {
  await pool.query('UPDATE read.units SET owner = NULL WHERE owner = $1', [member]);
  await pool.query('DELETE FROM read.members WHERE member = $1', [member]);
  await pool.query(`SELECT pg_notify('${READ_CHANNEL}', $1::text)`, [member]);
}

interface Share {
  readonly take: readonly Unit[];
  readonly leave: readonly Unit[];
}

/** What a process should take of what is nobody's, or leave, so that each has its part. */
export function fairShare(
  units: readonly Pick<StoredUnit, 'projection' | 'partition' | 'owner'>[],
  { member, living }: { readonly member: number; readonly living: readonly number[] },
): Share {
  const quota = Math.ceil(units.length / Math.max(1, living.length));
  const mine = units.filter(({ owner }) => owner === member);
  const free = units.filter(({ owner }) => owner === null || !living.includes(owner));
  const held = countBy(mine);
  const freeOf = countBy(free);
  // First what completes partitions that are partly held, then the partitions of which most is free.
  const wanted = [...free].sort(
    (one, other) =>
      (held.get(other.partition) ?? 0) - (held.get(one.partition) ?? 0) ||
      (freeOf.get(other.partition) ?? 0) - (freeOf.get(one.partition) ?? 0) ||
      one.partition - other.partition,
  );
  // The partitions of which least is held go first.
  const spare = [...mine].sort(
    (one, other) =>
      (held.get(one.partition) ?? 0) - (held.get(other.partition) ?? 0) || other.partition - one.partition,
  );
  return {
    take: wanted.slice(0, Math.max(0, quota - mine.length)),
    leave: spare.slice(0, Math.max(0, mine.length - quota)),
  };
}

function countBy(units: readonly Unit[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { partition } of units) counts.set(partition, (counts.get(partition) ?? 0) + 1);
  return counts;
}

interface Whose {
  readonly member: number;
  readonly units: readonly Unit[];
}

async function takeUnits(client: PoolClient, { member, units }: Whose): Promise<readonly StoredUnit[]> {
  if (units.length === 0) return [];
  const { rows } = await client.query<StoredUnit>({
    name: 'take-units',
    text: `UPDATE read.units u SET owner = $3, epoch = u.epoch + 1 ${OF_THESE}
      RETURNING u.projection, u.partition, u.position::float8 AS position, u.state, u.error, u.owner, u.epoch`,
    values: [...columnsOf(units), member],
  });
  return rows.map((row) => ({ ...row, position: position(row.position) }));
}

async function leaveUnits(client: PoolClient, { member, units }: Whose): Promise<void> {
  await client.query({
    name: 'leave-units',
    text: `UPDATE read.units u SET owner = NULL ${OF_THESE} AND u.owner = $3`,
    values: [...columnsOf(units), member],
  });
  await client.query(`SELECT pg_notify('${READ_CHANNEL}', $1::text)`, [member]);
}

const OF_THESE =
  'FROM unnest($1::text[], $2::integer[]) AS m(projection, partition) WHERE u.projection = m.projection AND u.partition = m.partition';

const columnsOf = (units: readonly Unit[]): [projections: string[], partitions: number[]] => [
  units.map(({ projection }) => projection),
  units.map(({ partition }) => partition),
];
