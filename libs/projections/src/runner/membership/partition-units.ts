import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { type Position, position } from '#domain';
import { inTransaction } from '#postgres';
import { type ChangesOfTable, fewRowsSql, fewRowsValues } from '../../rows/few-rows.js';
import { READ, type Table } from '../../rows/table.js';
import { TakenOver } from '../../rows/faults.js';
import { type Unit, type UnitState, partitionOf } from '../ledgers/partitions.js';
import type { Poisoned } from '../parking/parked-events.js';
import { setAside } from '../parking/parked-policies.js';

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
 * Moves units, and writes few rows by the same statement: all or nothing. It also keeps other processes off the units
 * until the commit. False when they had been moved before: then nothing is written.
 *
 * Throws {@link TakenOver} when one of them is another's by now, or stands elsewhere.
 */
export async function moveUnits(
  client: Pick<Pool, 'query'> | PoolClient,
  { rows = [], ...moving }: Moving & { readonly rows?: readonly ChangesOfTable[] },
  move: Move,
): Promise<boolean> {
  const { name, text } = movingStatement(rows.map(({ table }) => table));
  const moved = await client.query<{ moved: number }>({
    name,
    text,
    values: [...whose(moving), move.after, move.to, ...fewRowsValues(rows)],
  });
  if (moved.rows[0]?.moved === moving.units.length) return true;
  await assertWereMoved(client, moving, move);
  return false;
}

async function assertWereMoved(
  client: Pick<Pool, 'query'> | PoolClient,
  moving: Moving,
  { after, to }: Move,
): Promise<void> {
  const there = await client.query<{ there: number }>({
    name: 'units-moved',
    text: MOVED,
    values: [...whose(moving), to],
  });
  if (there.rows[0]?.there === moving.units.length) return;
  throw new TakenOver(`Another process brings on what this one brought to position ${after}. It has let go of it.`);
}

const whose = ({ owner, units }: Moving): readonly unknown[] => [
  units.map(({ projection }) => projection),
  units.map(({ partition }) => partition),
  units.map(({ epoch }) => epoch),
  owner,
];

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

const UNITS = 'unnest($1::text[], $2::integer[], $3::integer[]) AS m(projection, partition, epoch)';

const IS_MINE =
  'u.projection = m.projection AND u.partition = m.partition AND u.epoch = m.epoch AND u.owner = $4 AND u.position = $5';

const MOVED = `SELECT count(*)::integer AS there FROM read.units u, ${UNITS} WHERE ${IS_MINE}`;

/** The first parameter after those of the units. */
const FIRST = 7;

/** All or nothing: units are locked first, and nothing is changed unless every one of them stands where it should. */
function movingStatement(tables: readonly Table[]): { readonly name: string; readonly text: string } {
  const names = tables.map(({ name }) => name).join();
  const known = movingStatements.get(names);
  if (known) return known;
  const parts = [
    `mine AS (SELECT u.projection, u.partition FROM read.units u, ${UNITS} WHERE ${IS_MINE} FOR UPDATE OF u)`,
    'all_mine AS (SELECT count(*) = cardinality($1) AS holds FROM mine)',
    `moved AS (UPDATE read.units u SET position = $6 FROM mine WHERE u.projection = mine.projection AND u.partition = mine.partition AND ${ALL_MINE} RETURNING 1)`,
    ...fewRowsSql(tables, { schema: READ, first: FIRST, condition: ALL_MINE }),
  ];
  const text = `WITH ${parts.join(',\n')} SELECT count(*)::integer AS moved, pg_notify('${READ_CHANNEL}', $4::text) FROM moved`;
  const digest = createHash('sha256').update(names).digest('hex').slice(0, 16);
  const name = tables.length === 0 ? 'move-units' : `move-with-rows-${digest}`;
  movingStatements.set(names, { name, text });
  return { name, text };
}

const ALL_MINE = '(SELECT holds FROM all_mine)';

const movingStatements = new Map<string, { readonly name: string; readonly text: string }>();
