import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { type Position, position } from '#domain';
import { inTransaction } from '#postgres';
import { type ChangesOfTable, fewRowsSql, fewRowsValues } from '../../rows/row-writer.js';
import { READ, type Table } from '../../rows/table.js';
import { TakenOver } from '../../rows/faults.js';
import { partitionOf } from '../ledgers/partitions.js';
import type { ParkedEvent } from '../parking/parked-events.js';
import { park } from '../parking/stored-parked-events.js';

/** The channel on which movements of the read side are announced; the payload is the process that made them. */
export const READ_CHANNEL = 'policy_timeline_read';

/** Wakes every process that shares the read models but `except`: a process ignores its own number, and 0 is nobody's. */
export async function notifyProcesses(client: Pick<Pool, 'query'> | PoolClient, except = 0): Promise<void> {
  await client.query(`SELECT pg_notify('${READ_CHANNEL}', $1::text)`, [except]);
}

/** A partition as stored: its position, its owner, and whether it is stopped before an event. */
export interface StoredPartition {
  readonly partition: number;
  readonly position: Position;
  readonly state: 'running' | 'stopped';
  readonly owner: number | null;
  /** Grows with each owner, and whenever read models are switched. */
  readonly epoch: number;
}

/** The statement that creates the table of partitions, and its rows. */
export const createPartitions = (count: number): string => `
CREATE TABLE IF NOT EXISTS read.partitions (
  partition integer PRIMARY KEY, position bigint NOT NULL, owner integer, epoch integer NOT NULL,
  state text NOT NULL) WITH (fillfactor = 50);
INSERT INTO read.partitions (partition, position, epoch, state)
  SELECT generate_series(0, ${count - 1}), 0, 0, 'running' ON CONFLICT DO NOTHING`;

const COLUMNS = 'partition, position::float8 AS position, state, owner, epoch';

const READ_PARTITIONS = `SELECT ${COLUMNS} FROM read.partitions ORDER BY partition`;

/** Every partition, in order. */
export const readPartitions = (client: Pick<Pool, 'query'> | PoolClient): Promise<readonly StoredPartition[]> =>
  queryPartitions(client, { name: 'read-partitions', text: READ_PARTITIONS });

/** As {@link readPartitions}; none is acquired, released or advanced until the transaction ends. */
export const lockPartitions = (client: PoolClient): Promise<readonly StoredPartition[]> =>
  queryPartitions(client, { name: 'lock-partitions', text: `${READ_PARTITIONS} FOR UPDATE` });

/** A process, and the partitions that it is to own or no longer. */
export interface Ownership {
  readonly member: number;
  readonly partitions: readonly number[];
}

/** Makes a process the owner of partitions, in a new epoch; answers them. */
export const acquirePartitions = (
  client: PoolClient,
  { member, partitions }: Ownership,
): Promise<readonly StoredPartition[]> =>
  queryPartitions(client, {
    name: 'acquire-partitions',
    text: `UPDATE read.partitions SET owner = $2, epoch = epoch + 1 WHERE partition = ANY ($1) RETURNING ${COLUMNS}`,
    values: [partitions, member],
  });

async function queryPartitions(
  client: Pick<Pool, 'query'> | PoolClient,
  statement: { readonly name: string; readonly text: string; readonly values?: unknown[] },
): Promise<readonly StoredPartition[]> {
  const { rows } = await client.query<StoredPartition>(statement);
  return rows.map((row) => ({ ...row, position: position(row.position) }));
}

/** A read model as stored. */
export interface StoredReadModel {
  readonly name: string;
  /** Of the rules by which its rows were made. */
  readonly version: number;
  /** Grows with each switch. */
  readonly generation: number;
  /**
   * The position up to which its tables were complete when they were switched, in every partition: a partition that has
   * not reached it has nothing to add before. Null until they are built for the first time, or with other columns.
   */
  readonly builtTo: Position | null;
}

/** Every read model, by name. */
export async function readReadModels(client: Pick<Pool, 'query'> | PoolClient): Promise<readonly StoredReadModel[]> {
  const { rows } = await client.query<StoredReadModel>({
    name: 'read-read-models',
    text: 'SELECT name, version, generation, built_to::float8 AS "builtTo" FROM read.projections ORDER BY name',
  });
  return rows;
}

/** The partitions that are advanced, each in the epoch in which its owner acquired it. */
export interface Advance {
  readonly owner: number;
  readonly partitions: readonly Pick<StoredPartition, 'partition' | 'epoch'>[];
}

/** From where to where partitions are advanced. */
export interface Move {
  readonly after: Position;
  readonly to: Position;
}

/**
 * Advances partitions, and writes few rows by the same statement: all or nothing. Other processes cannot advance them
 * until the commit. False when they had been advanced before: then nothing is written.
 *
 * Throws {@link TakenOver} when one of them has another owner by now, or another position.
 */
export async function advancePartitions(
  client: Pick<Pool, 'query'> | PoolClient,
  { rows = [], ...advance }: Advance & { readonly rows?: readonly ChangesOfTable[] },
  move: Move,
): Promise<boolean> {
  const { name, text } = advanceStatement(rows.map(({ table }) => table));
  const advanced = await client.query<{ count: number }>({
    name,
    text,
    values: [...whose(advance), move.after, move.to, ...fewRowsValues(rows)],
  });
  if (advanced.rows[0]?.count === advance.partitions.length) return true;
  await assertWereAdvanced(client, advance, move);
  return false;
}

async function assertWereAdvanced(
  client: Pick<Pool, 'query'> | PoolClient,
  advance: Advance,
  { after, to }: Move,
): Promise<void> {
  const { rows } = await client.query<{ count: number }>({
    name: 'partitions-advanced',
    text: `SELECT count(*)::integer AS count FROM read.partitions p, ${ADVANCED} WHERE ${IS_OWN}`,
    values: [...whose(advance), to],
  });
  if (rows[0]?.count === advance.partitions.length) return;
  throw new TakenOver(`Another process advances what this one advanced to position ${after}. It has released it.`);
}

const whose = ({ owner, partitions }: Advance): readonly unknown[] => [
  partitions.map(({ partition }) => partition),
  partitions.map(({ epoch }) => epoch),
  owner,
];

const ADVANCED = 'unnest($1::integer[], $2::integer[]) AS a(partition, epoch)';

const IS_OWN = 'p.partition = a.partition AND p.epoch = a.epoch AND p.owner = $3 AND p.position = $4';

/** The first parameter after those of the partitions. */
const FIRST = 6;

/** All or nothing: partitions are locked first, and nothing is changed unless every one of them is where it should be. */
function advanceStatement(tables: readonly Table[]): { readonly name: string; readonly text: string } {
  const names = tables.map(({ name }) => name).join();
  const known = advanceStatements.get(names);
  if (known) return known;
  const parts = [
    `own AS (SELECT p.partition FROM read.partitions p, ${ADVANCED} WHERE ${IS_OWN} FOR UPDATE OF p)`,
    'all_own AS (SELECT count(*) = cardinality($1) AS holds FROM own)',
    `advanced AS (UPDATE read.partitions p SET position = $5 FROM own WHERE p.partition = own.partition AND ${ALL_OWN} RETURNING 1)`,
    ...fewRowsSql(tables, { schema: READ, first: FIRST, condition: ALL_OWN }),
  ];
  const text = `WITH ${parts.join(',\n')} SELECT count(*)::integer AS count, pg_notify('${READ_CHANNEL}', $3::text) FROM advanced`;
  const digest = createHash('sha256').update(names).digest('hex').slice(0, 16);
  const name = tables.length === 0 ? 'advance-partitions' : `advance-with-rows-${digest}`;
  advanceStatements.set(names, { name, text });
  return { name, text };
}

const ALL_OWN = '(SELECT holds FROM all_own)';

const advanceStatements = new Map<string, { readonly name: string; readonly text: string }>();

/** Stops a partition before an event that a read model cannot process, unless it has another owner by now. */
export const stopPartition = (
  pool: Pool,
  { owner, partition, parkedEvent }: { owner: number; partition: StoredPartition; parkedEvent: ParkedEvent },
): Promise<void> =>
  inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      "UPDATE read.partitions SET state = 'stopped' WHERE partition = $1 AND owner = $2 AND epoch = $3",
      [partition.partition, owner, partition.epoch],
    );
    if (rowCount === 1) await park(client, parkedEvent, true);
    await notifyProcesses(client, owner);
  });

/** Resumes the partition that a read model has stopped before an event of a policy: it was retried or discarded. */
export const resumePartition = (pool: Pool, projection: string, stream: string): Promise<void> =>
  inTransaction(pool, async (client) => {
    await client.query('DELETE FROM read.set_aside WHERE projection = $1 AND stream = $2 AND stops', [
      projection,
      stream,
    ]);
    await resumePartitions(client);
    await notifyProcesses(client);
  });

/** Resumes the partitions that no event stops any more. */
export async function resumePartitions(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ stream: string }>('SELECT stream FROM read.set_aside WHERE stops');
  await client.query(
    "UPDATE read.partitions SET state = 'running' WHERE state = 'stopped' AND NOT partition = ANY ($1)",
    [rows.map(({ stream }) => partitionOf(stream))],
  );
}
