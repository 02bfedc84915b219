import type { Pool } from 'pg';
import type { Instant, Position } from '#domain';
import { type Coordinate, type StateDocument, stateDocument } from '#temporal';
import type { Descriptions, PolicyRow } from '../core/descriptions.js';
import { differences } from '../core/difference.js';
import { factsOfAll, factsOfOne } from '../core/state.js';
import type { Progress } from '../core/progress.js';
import type { ReadContext } from '../queries/read-context.js';
import { STATES } from '../queries/states-of.js';
import type { ReadSide } from './read-side.js';
import type { Restatement } from '../rebuild/restatements.js';
import {
  type Recorded,
  type RecordedChange,
  type TimedChange,
  findChangedByTime,
  nextChanges,
  findRecordedBetween,
} from './changed-between.js';
import type { Viewpoint } from './viewpoint.js';

/** After so long without news whoever waits looks whether it is still to wait. */
const LOOK_MS = 1_000;

/** A stream tells whatever differs. */
const ALL = Number.MAX_SAFE_INTEGER - 1;

/**
 * The states of policies for whoever is told of their changes: at any coordinate, what can have changed them between
 * two, and when time alone will.
 *
 * Positions are those that the read models hold in this process's view, wherever they are brought on.
 */
export class StateChanges {
  readonly #context: ReadContext;
  readonly #pool: Pool;

  constructor(private readonly readSide: ReadSide) {
    this.#context = readSide.context({ names: STATES });
    this.#pool = this.#context.pool;
  }

  /** How far states have come. */
  get progress(): Progress {
    return this.#context.progress();
  }

  /** Waits until states have come further than a position, or the signal aborts. */
  async beyond(position: Position, signal: AbortSignal): Promise<void> {
    while (this.progress.position <= position && !signal.aborted) await this.readSide.beyond(position, LOOK_MS);
  }

  /** Finds a policy by any name that it has or had. */
  find(name: string): ReturnType<Descriptions['named']> {
    return this.#context.descriptions.named(name, this.progress.position);
  }

  /** The policy whose events stand in a stream; undefined for any other stream. */
  ofStream(stream: string): PolicyRow | undefined {
    return this.#context.descriptions.ofStream(stream);
  }

  /** Every policy, by its number. */
  policies(): ReadonlyMap<number, PolicyRow> {
    return new Map(this.#context.descriptions.current().map((row) => [row.policy, row]));
  }

  /** The state of a policy; empty where nothing is known of it. */
  async stateOf(policy: number, at: Coordinate): Promise<StateDocument> {
    return stateDocument((await factsOfOne(this.#pool, policy, { ...at, recordedAt: null })).facts);
  }

  /** The states of several policies, in one statement. */
  async statesOf(policies: readonly number[], at: Coordinate): Promise<ReadonlyMap<number, StateDocument>> {
    const found = await factsOfAll(this.#pool, policies, { ...at, recordedAt: null });
    return new Map([...found].map(([policy, { facts }]) => [policy, stateDocument(facts)]));
  }

  /** Keys of the events that made a policy's state differ between two coordinates, in order of position. */
  async causesOf(policy: number, between: { from: Coordinate; to: Coordinate }): Promise<readonly string[]> {
    const found = await differences(this.#pool, { ...between, policy, most: ALL });
    const causes = [
      ...new Set(found.flatMap(({ difference }) => difference.changes.flatMap((change) => change.causes))),
    ];
    if (causes.length < 2) return causes;
    const { rows } = await this.#pool.query<{ event: string }>({
      name: 'causes-in-order',
      text: 'SELECT event FROM read.timeline WHERE policy = $1 AND event = ANY ($2) GROUP BY event ORDER BY min(position)',
      values: [policy, causes],
    });
    return rows.map(({ event }) => event);
  }

  /** See {@link findRecordedBetween}. */
  recordedBetween(between: Recorded): Promise<readonly RecordedChange[]> {
    return findRecordedBetween(this.#pool, between);
  }

  /** See {@link findChangedByTime}. */
  changedByTime(
    viewpoint: Viewpoint,
    between: Parameters<typeof findChangedByTime>[2],
  ): Promise<readonly TimedChange[]> {
    return findChangedByTime(this.#pool, viewpoint, between);
  }

  /** See {@link nextChanges}. */
  nextChanges(viewpoint: Viewpoint, asked: Parameters<typeof nextChanges>[2]): Promise<readonly TimedChange[]> {
    return nextChanges(this.#pool, viewpoint, asked);
  }

  /** When states came to be otherwise because a read model was exchanged; states shown before may not follow from it. */
  restatedAt(): Instant {
    return this.readSide.restatements.lastOf(STATES);
  }

  /** Has somebody told whenever a read model was exchanged for one with other results; answers how to end that. */
  onRestated(listener: (restatements: readonly Restatement[]) => void): () => void {
    return this.readSide.restatements.tell(listener);
  }
}
