import type { Pool } from 'pg';
import { policyStream } from '#domain';
import type { EventLog } from '#event-log';
import type { Turns } from '#runtime/turns';
import type { PolicyChange, Projection } from '../../rows/projection.js';
import type { TableChange } from '../../rows/table.js';
import {
  type ParkedEvent,
  UnprocessableEventError,
  changesIn,
  dealsWith,
  errorOf,
  parkedEventOf,
  wasDiscarded,
} from './parked-events.js';
import { changesOfStream } from '../ledgers/policy-ledgers.js';
import { type StoredParkedEvent, readParked } from './stored-parked-events.js';

/** What a batch does to parked events, in its own transaction. */
export interface ParkingChanges {
  readonly parked: readonly ParkedEvent[];
  readonly unparked: readonly Pick<StoredParkedEvent, 'projection' | 'stream'>[];
}

/** The changes of the tables of a read model that follow from changes of policies, and what it does to parked events. */
export interface FilteredChanges extends ParkingChanges {
  readonly tableChanges: readonly TableChange[];
  readonly taken: readonly PolicyChange[];
}

/** What was filtered so far. */
interface Filtering {
  readonly tableChanges: TableChange[];
  readonly taken: PolicyChange[];
  readonly parked: ParkedEvent[];
  readonly unparked: ParkedEvent[];
}

/**
 * Leaves out what a read model cannot process: it is parked, and the later events of its policy wait in the log until an
 * operator retries or discards it.
 */
export class ParkedFilter {
  /** By read model and stream. */
  readonly #parked = new Map<string, ParkedEvent>();
  /** What the database refuses, by read model and position. */
  readonly #refused = new Map<string, Error>();

  constructor(private readonly log: Pick<EventLog, 'readStream'>) {}

  /** Reads what is parked; before partitions are advanced. */
  async load(pool: Pool): Promise<void> {
    this.#parked.clear();
    for (const each of await readParked(pool)) if (!each.stops) this.#parked.set(placeOf(each), each);
  }

  /** Notes that the database refuses a change: the next time it is parked. After that it is tried again. */
  refuse({ projection, change, cause }: UnprocessableEventError): void {
    this.#refused.set(`${projection}/${change.position}`, cause);
  }

  /** Throws {@link UnprocessableEventError} where a read model is to stop. */
  async filter(projection: Projection, changes: readonly PolicyChange[], turns: Turns): Promise<FilteredChanges> {
    const filtered: Filtering = { tableChanges: [], taken: [], parked: [], unparked: [] };
    for (const change of changes) {
      const parked = this.#parked.get(placeOf({ projection: projection.name, stream: policyStream(change.slug) }));
      if (!parked) await this.#take(projection, change, filtered);
      else if (dealsWith(change, projection.name, parked.key))
        await this.#unpark(projection, parked, { change, filtered, turns });
      if (turns.isOver) await turns.next();
    }
    return filtered;
  }

  /** Processes a parked event and those that wait behind it, up to the operator's retry or discard. */
  async #unpark(
    projection: Projection,
    parked: ParkedEvent,
    { change, filtered, turns }: { readonly change: PolicyChange; readonly filtered: Filtering; readonly turns: Turns },
  ): Promise<void> {
    this.#parked.delete(placeOf(parked));
    filtered.unparked.push(parked);
    for await (const queued of changesOfStream(this.log, { stream: parked.stream, upTo: change.position, turns })) {
      if (queued.position >= parked.position && !this.#parked.has(placeOf(parked)))
        await this.#take(projection, queued, filtered);
      if (turns.isOver) await turns.next();
    }
  }

  async #take(projection: Projection, change: PolicyChange, into: Filtering): Promise<void> {
    const place = `${projection.name}/${change.position}`;
    try {
      const refusal = this.#refused.get(place);
      this.#refused.delete(place);
      if (refusal !== undefined) throw refusal;
      into.tableChanges.push(...changesIn(projection, change));
      into.taken.push(change);
    } catch (error) {
      if (await wasDiscarded(this.log, projection, change)) return;
      const unprocessable = new UnprocessableEventError(projection.name, change, errorOf(error));
      if (projection.atPoison === 'stop') throw unprocessable;
      this.#parked.set(placeOf(parkedEventOf(unprocessable)), parkedEventOf(unprocessable));
      into.parked.push(parkedEventOf(unprocessable));
    }
  }
}

const placeOf = ({ projection, stream }: Pick<StoredParkedEvent, 'projection' | 'stream'>): string =>
  `${projection}/${stream}`;
