import type { Pool, PoolClient } from 'pg';
import { type Position, position } from '#domain';
import { inTransaction } from '../transaction.js';
import { TakenOver } from './faults.js';
import { type Unit, type UnitState, partitionOf } from './partitions.js';
import type { Poisoned } from './poison.js';
import { setAside } from './set-aside.js';

/** The channel on which movements of the read side are announced; the payload is the process that moved it. */
export const READ_CHANNEL = 'policy_timeline_read';

/** A unit as stored: how far it has come, in what state, and whose it is. */
export interface StoredUnit extends Unit {
  readonly position: Position;
  readonly state: UnitState;
  readonly error: string | null;
  readonly owner: number | null;
  readonly epoch: number;
}

/** Every unit as it stands. */
export async function readUnits(client: Pick<Pool, 'query'> | PoolClient): Promise<readonly StoredUnit[]> {
  const { rows } = await client.query<StoredUnit>({
    name: 'read-units',
    text: 'SELECT projection, partition, position::float8 AS position, state, error, owner, epoch FROM read.units ORDER BY partition, projection',
  });
  return rows.map((row) => ({ ...row, position: position(row.position) }));
}

/** Whose units a move is about, each in the epoch of its taking. */
export interface Moving {
  readonly owner: number;
  readonly units: readonly (Unit & { readonly epoch: number })[];
}

/** From where to where units are moved. */
export interface Move {
  readonly after: Position;
  readonly to: Position;
}

/**
 * Moves units, which also keeps other processes off them until the commit; true when they had been moved before.
 *
 * Throws {@link TakenOver} when one of them is another's by now, or stands elsewhere.
 */
export async function wereMoved(client: PoolClient, { owner, units }: Moving, { after, to }: Move): Promise<boolean> {
  const whose = [
    units.map(({ projection }) => projection),
    units.map(({ partition }) => partition),
    units.map(({ epoch }) => epoch),
    owner,
  ];
  const moved = await client.query<{ moved: number }>({
    name: 'move-units',
    text: MOVE,
    values: [...whose, after, to],
  });
  if (moved.rows[0]?.moved === units.length) return false;
  const there = await client.query<{ there: number }>({ name: 'units-moved', text: MOVED, values: [...whose, to] });
  if (there.rows[0]?.there === units.length) return true;
  throw new TakenOver(`Another process brings on what this one brought to position ${after}. It has let go of it.`);
}

/** Lets a unit stand still before an event that it cannot take, unless it is another's by now. */
export const stopUnit = (
  pool: Pool,
  { owner, unit, poisoned }: { owner: number; unit: Unit & { readonly epoch: number }; poisoned: Poisoned },
): Promise<void> =>
  inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      "UPDATE read.units SET state = 'stopped', error = $5 WHERE projection = $1 AND partition = $2 AND owner = $3 AND epoch = $4",
      [unit.projection, unit.partition, owner, unit.epoch, poisoned.error],
    );
    if (rowCount === 1) await setAside(client, poisoned, true);
    await client.query(`SELECT pg_notify('${READ_CHANNEL}', $1::text)`, [owner]);
  });

/** Lets units of a read model go on that stand still: at an event that is to be tried again, or was given up. */
export const resumeUnits = (pool: Pool, projection: string, stream: string): Promise<void> =>
  inTransaction(pool, async (client) => {
    await client.query('DELETE FROM read.set_aside WHERE projection = $1 AND stream = $2 AND stops', [
      projection,
      stream,
    ]);
    await client.query(
      "UPDATE read.units SET state = 'running', error = NULL WHERE projection = $1 AND partition = $2 AND state = 'stopped'",
      [projection, partitionOf(stream)],
    );
    await client.query(`SELECT pg_notify('${READ_CHANNEL}', '0')`);
  });

const OF_MINE = `FROM unnest($1::text[], $2::integer[], $3::integer[]) AS m(projection, partition, epoch)
  WHERE u.projection = m.projection AND u.partition = m.partition AND u.epoch = m.epoch AND u.owner = $4`;

const MOVE = `WITH moved AS (UPDATE read.units u SET position = $6 ${OF_MINE} AND u.position = $5 RETURNING 1)
  SELECT count(*)::integer AS moved, pg_notify('${READ_CHANNEL}', $4::text) FROM moved`;

const MOVED = `SELECT count(*)::integer AS there FROM read.units u JOIN unnest($1::text[], $2::integer[], $3::integer[]) AS m(projection, partition, epoch)
  USING (projection, partition, epoch) WHERE u.owner = $4 AND u.position = $5`;
