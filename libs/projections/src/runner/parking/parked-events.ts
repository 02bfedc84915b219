import type { Pool, PoolClient } from 'pg';
import { type Position, fromStored, policyStream, revision } from '#domain';
import { type EventLog, readStreamWhole } from '#event-log';
import { inTransaction, isSelfInflicted, isTransient } from '#postgres';
import type { PolicyChange, Projection } from '../../rows/projection.js';
import { groupRows } from '../../rows/rows-at.js';
import { READ, type TableChange } from '../../rows/table.js';
import { writeOf, writeTable } from '../../rows/row-writer.js';

/** The types of the events by which operators deal with a parked event. */
export const RETRIED = 'operation.event-retried';
export const DISCARDED = 'operation.event-discarded';

/** An event that a read model cannot process. */
export class UnprocessableEventError extends Error {
  override readonly name = 'UnprocessableEventError';

  constructor(
    readonly projection: string,
    readonly change: PolicyChange,
    override readonly cause: Error,
  ) {
    super(
      `The read model ${projection} cannot process the event "${change.key}" (position ${change.position}): ${cause.message}`,
    );
  }
}

/** What was thrown, as an error. Errors of other realms are none of this one's. */
export const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** The changes of a read model's tables that follow from a change; throws where it cannot process it. */
export function changesIn(projection: Projection, change: PolicyChange): readonly TableChange[] {
  if (change.failure === undefined) return projection.changesOf(change);
  throw change.failure;
}

/**
 * The changes of a read model's tables that follow from changes, without the events that were discarded for it. Throws
 * {@link UnprocessableEventError} at any other that it cannot process.
 */
export async function takenChanges(
  log: Pick<EventLog, 'readStream'>,
  projection: Projection,
  changes: readonly PolicyChange[],
): Promise<readonly TableChange[]> {
  const taken: TableChange[] = [];
  for (const change of changes) taken.push(...(await takenChange(log, projection, change)));
  return taken;
}

/** As {@link takenChanges} for one change: at once, but for one that cannot be processed, about which the log is asked. */
export function takenChange(
  log: Pick<EventLog, 'readStream'>,
  projection: Projection,
  change: PolicyChange,
): readonly TableChange[] | Promise<readonly TableChange[]> {
  try {
    return changesIn(projection, change);
  } catch (error) {
    return noneIfDiscarded(log, projection, { change, cause: errorOf(error) });
  }
}

async function noneIfDiscarded(
  log: Pick<EventLog, 'readStream'>,
  projection: Projection,
  { change, cause }: Pick<UnprocessableEventError, 'change' | 'cause'>,
): Promise<readonly TableChange[]> {
  if (await wasDiscarded(log, projection, change)) return [];
  throw new UnprocessableEventError(projection.name, change, cause);
}

/** True when an operator has discarded an event for a read model. */
export async function wasDiscarded(
  log: Pick<EventLog, 'readStream'>,
  { name }: Projection,
  { slug, key, position }: PolicyChange,
): Promise<boolean> {
  for await (const page of readStreamWhole(log, policyStream(slug), { after: revision(0) })) {
    const acts = page.filter((entry) => entry.position > position && entry.type === DISCARDED).map(fromStored);
    if (acts.some(({ body }) => body.target === key && body.projection === name)) return true;
  }
  return false;
}

/** True for the event by which an operator retries or discards an event for a read model. */
export const dealsWith = ({ event }: PolicyChange, projection: string, key: string): boolean =>
  (event?.type === RETRIED || event?.type === DISCARDED) &&
  event.body.target === key &&
  event.body.projection === projection;

/**
 * Finds the first of the changes taken by each read model that the database refuses, by halves; undefined when it
 * refuses none. Nothing is written.
 */
export async function findRefused(
  pool: Pool,
  projections: readonly Projection[],
  taken: ReadonlyMap<string, readonly PolicyChange[]>,
): Promise<UnprocessableEventError | undefined> {
  for (const projection of projections) {
    const changes = taken.get(projection.name) ?? [];
    const refusal = await refusalOf(pool, projection, changes);
    if (refusal === undefined) continue;
    let [sound, refused, cause] = [0, changes.length, refusal];
    while (refused - sound > 1) {
      const middle = Math.floor((sound + refused) / 2);
      const found = await refusalOf(pool, projection, changes.slice(0, middle));
      if (found === undefined) sound = middle;
      else [refused, cause] = [middle, found];
    }
    const first = changes[sound];
    if (first) return new UnprocessableEventError(projection.name, first, cause);
  }
  return undefined;
}

/** Why the database refuses changes; undefined when it does not. */
async function refusalOf(
  pool: Pool,
  projection: Projection,
  changes: readonly PolicyChange[],
): Promise<Error | undefined> {
  const tableChanges = changes.flatMap((change) => projection.changesOf(change));
  const byTable = groupRows(tableChanges, ({ table }) => table.name);
  return refusalOfWork(pool, async (client) => {
    for (const table of projection.tables)
      await writeTable(client, writeOf(table, byTable.get(table.name) ?? []), READ);
  });
}

/** Rows that any sound database takes: so many, of so many bytes. */
const PROBE = { rows: 300, pieces: 200 };

/** True when the database takes rows that are nothing special: what it does not take is then refused for itself. */
export const isDatabaseSound = async (pool: Pool): Promise<boolean> =>
  (await refusalOfWork(pool, (client) => client.query(PROBE_STATEMENT, [PROBE.rows, PROBE.pieces]))) === undefined;

const PROBE_STATEMENT = `INSERT INTO read.set_aside (projection, stream, position, key, error, stops)
  SELECT 'probe', row::text, 0, '', (SELECT string_agg(md5(row || '/' || piece), '') FROM generate_series(1, $2::integer) piece), false
  FROM generate_series(1, $1::integer) row`;

/** Why the database refuses some work, which is undone in any case; undefined when it does not. Throws what passes. */
async function refusalOfWork(pool: Pool, work: (client: PoolClient) => Promise<unknown>): Promise<Error | undefined> {
  try {
    await inTransaction(pool, async (client) => {
      await work(client);
      throw new Tried();
    });
  } catch (error) {
    if (error instanceof Tried) return undefined;
    // A connection that breaks just then says nothing of the work.
    if (isTransient(error) && !isSelfInflicted(error)) throw error;
    return errorOf(error);
  }
  return undefined;
}

/** Ends a transaction that was only to be tried. */
class Tried extends Error {}

/** An event that a read model cannot process, and why. */
export interface ParkedEvent {
  readonly projection: string;
  readonly stream: string;
  readonly key: string;
  readonly position: Position;
  readonly error: string;
}

export const parkedEventOf = ({ projection, change, cause }: UnprocessableEventError): ParkedEvent => ({
  projection,
  stream: policyStream(change.slug),
  key: change.key,
  position: change.position,
  error: cause.message.replaceAll('\u0000', '\uFFFD'),
});
