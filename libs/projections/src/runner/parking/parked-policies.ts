import type { Pool, PoolClient } from 'pg';
import { policyStream, position } from '#domain';
import type { EventLog } from '#event-log';
import type { Turns } from '#runtime/turns';
import type { PolicyChange, Projection } from '../../rows/projection.js';
import type { TableChange } from '../../rows/table.js';
import {
  type Poisoned,
  PoisonedError,
  changesIn,
  dealsWith,
  errorOf,
  poisonedOf,
  wasDiscarded,
} from './parked-events.js';
import { changesOfStream } from '../ledgers/policy-ledgers.js';

/** An event that a read model could not take: its policy's later events queue behind it, or the read model stops. */
export interface SetAside extends Poisoned {
  readonly stops: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly since: number;
}

/** The statement that makes the table of what was set aside. */
export const CREATE_SET_ASIDE = `CREATE TABLE IF NOT EXISTS read.set_aside (
  projection text, stream text, position bigint NOT NULL, key text NOT NULL, error text NOT NULL, stops boolean NOT NULL,
  since timestamptz NOT NULL DEFAULT clock_timestamp(), is_recorded boolean NOT NULL DEFAULT false, PRIMARY KEY (projection, stream))`;

const ASIDE = `SELECT projection, stream, position::float8 AS position, key, error, stops, (extract(epoch FROM since) * 1000)::float8 AS since FROM read.set_aside`;

/** Everything that was set aside, and stops. */
export async function readSetAside(client: Pick<Pool, 'query'> | PoolClient): Promise<readonly SetAside[]> {
  const { rows } = await client.query<SetAside>({
    name: 'read-set-aside',
    text: `${ASIDE} ORDER BY position, projection`,
  });
  return rows.map((row) => ({ ...row, position: position(row.position), since: Math.round(row.since) }));
}

/** What was set aside and is not on record in the log yet. */
export async function readUnrecorded(pool: Pool): Promise<readonly SetAside[]> {
  const { rows } = await pool.query<SetAside>(`${ASIDE} WHERE NOT is_recorded ORDER BY position, projection`);
  return rows.map((row) => ({ ...row, position: position(row.position), since: Math.round(row.since) }));
}

export const markRecorded = (pool: Pool, { projection, stream, position: at }: SetAside): Promise<unknown> =>
  pool.query('UPDATE read.set_aside SET is_recorded = true WHERE projection = $1 AND stream = $2 AND position = $3', [
    projection,
    stream,
    at,
  ]);

export async function setAside(client: PoolClient, poisoned: Poisoned, stops: boolean): Promise<void> {
  const { projection, stream, position: at, key, error } = poisoned;
  await client.query(
    `INSERT INTO read.set_aside (projection, stream, position, key, error, stops) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (projection, stream) DO UPDATE SET position = $3, key = $4, error = $5, stops = $6, since = clock_timestamp(), is_recorded = false`,
    [projection, stream, at, key, error, stops],
  );
}

export async function takeBack(
  client: PoolClient,
  { projection, stream }: Pick<SetAside, 'projection' | 'stream'>,
): Promise<void> {
  await client.query('DELETE FROM read.set_aside WHERE projection = $1 AND stream = $2', [projection, stream]);
}

/** What a batch does to what is set aside: all in the batch's own transaction. */
export interface AsideChanges {
  readonly set: readonly Poisoned[];
  readonly takenBack: readonly Pick<SetAside, 'projection' | 'stream'>[];
  /** Changes that did not become rows now, or that became rows later than others: what is in memory may be other. */
  readonly unsure: readonly PolicyChange[];
}

/** What changes come to in a read model, and what of them was set aside or taken back. */
export interface Sifted extends AsideChanges {
  readonly tableChanges: readonly TableChange[];
  readonly taken: readonly PolicyChange[];
}

/** What sifting has come to so far. */
interface Sifting {
  readonly tableChanges: TableChange[];
  readonly taken: PolicyChange[];
  readonly set: Poisoned[];
  readonly takenBack: Poisoned[];
  readonly unsure: PolicyChange[];
}

/**
 * Sifts changes for read models: what is poison to one is left out, and what comes after it of the same policy queues
 * in the log until an operator has it tried again or gives it up.
 */
export class Sieve {
  /** By read model and stream. */
  readonly #aside = new Map<string, Poisoned>();
  /** What the database refuses, by read model and position. */
  readonly #refused = new Map<string, Error>();

  constructor(private readonly log: Pick<EventLog, 'readStream'>) {}

  /** Reads what is set aside; before partitions are advanced. */
  async load(pool: Pool): Promise<void> {
    this.#aside.clear();
    for (const each of await readSetAside(pool)) if (!each.stops) this.#aside.set(placeOf(each), each);
  }

  /** Notes that the database refuses a change: it is not taken the next time. After that it is tried again. */
  refuse({ projection, change, cause }: PoisonedError): void {
    this.#refused.set(`${projection}/${change.position}`, cause);
  }

  /** Throws {@link PoisonedError} where a read model is to stop. */
  async sift(projection: Projection, changes: readonly PolicyChange[], turns: Turns): Promise<Sifted> {
    const sifted: Sifting = { tableChanges: [], taken: [], set: [], takenBack: [], unsure: [] };
    for (const change of changes) {
      const aside = this.#aside.get(placeOf({ projection: projection.name, stream: policyStream(change.slug) }));
      if (!aside) await this.#take(projection, change, sifted);
      else {
        sifted.unsure.push(change);
        if (dealsWith(change, projection.name, aside.key))
          await this.#takeBack(projection, aside, { change, sifted, turns });
      }
      if (turns.isOver) await turns.next();
    }
    return sifted;
  }

  /** Takes what was set aside and what has queued behind it, up to what an operator did about it. */
  async #takeBack(
    projection: Projection,
    aside: Poisoned,
    { change, sifted, turns }: { readonly change: PolicyChange; readonly sifted: Sifting; readonly turns: Turns },
  ): Promise<void> {
    this.#aside.delete(placeOf(aside));
    sifted.takenBack.push(aside);
    for await (const page of changesOfStream(this.log, aside.stream, change.position))
      for (const queued of page) {
        if (queued.position >= aside.position && !this.#aside.has(placeOf(aside)))
          await this.#take(projection, queued, sifted);
        if (turns.isOver) await turns.next();
      }
  }

  async #take(projection: Projection, change: PolicyChange, into: Sifting): Promise<void> {
    const place = `${projection.name}/${change.position}`;
    try {
      const refusal = this.#refused.get(place);
      this.#refused.delete(place);
      if (refusal !== undefined) throw refusal;
      into.tableChanges.push(...changesIn(projection, change));
      into.taken.push(change);
    } catch (error) {
      into.unsure.push(change);
      if (await wasDiscarded(this.log, projection, change)) return;
      const poisoned = new PoisonedError(projection.name, change, errorOf(error));
      if (projection.atPoison === 'stop') throw poisoned;
      this.#aside.set(placeOf(poisonedOf(poisoned)), poisonedOf(poisoned));
      into.set.push(poisonedOf(poisoned));
    }
  }
}

const placeOf = ({ projection, stream }: Pick<SetAside, 'projection' | 'stream'>): string => `${projection}/${stream}`;
