import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { type RecordedEvent, position } from '#domain';
import type { EventLog } from '#event-log';
import { keysInForce, stateAt } from '#temporal';
import type { ResolvedCoordinate } from '../../../libs/projections/src/rows/answers.js';
import { eventsOfPolicy } from '../../../libs/projections/src/core/replay/replay.js';
import { factsOfOne } from '../../../libs/projections/src/core/state.js';
import { compareWithReplay } from '../../../libs/projections/src/rebuild/checks/replay-check.js';
import { boundaries } from '../../support/events/corpus.js';
import type { Proof } from './proofs.js';
import { itemAt, randomFrom } from '../load/random.js';

/** What the read models are proven with. Nobody else brings them on meanwhile. */
export interface ProvenReadSide {
  /** Works as the application's role, past the proxy. */
  readonly pool: Pool;
  readonly log: EventLog;
}

const COORDINATES_A_POLICY = 5;

/** How far each partition of the read models is, by name. */
export async function projectedPositions(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ name: string; position: number }>(
    "SELECT 'partition ' || partition AS name, position::float8 AS position FROM read.partitions",
  );
  return new Map(rows.map((row) => [row.name, row.position]));
}

/** Every partition runs: none is stopped before an event. */
export async function everyPartitionRuns(pool: Pool): Promise<Proof> {
  const { rows } = await pool.query<{ partition: number; state: string }>(
    'SELECT partition, state FROM read.partitions',
  );
  return {
    claim: `each of ${rows.length} partitions of the read models runs`,
    against: rows.flatMap(({ partition, state }) =>
      state === 'running' ? [] : [`partition ${partition} is ${state}`],
    ),
  };
}

/** Every row of the read models, and the same rows built from the log in one go. */
export async function readModelsEqualReplay(readSide: ProvenReadSide): Promise<Proof> {
  const { tables } = await compareWithReplay(readSide);
  const rows = tables.reduce((sum, { one }) => sum + one.rows, 0);
  return {
    claim: `${rows} rows in ${tables.length} tables of the read models equal those of a replay`,
    against: tables.flatMap(({ table, isEqual, one, other, examples }) =>
      isEqual
        ? []
        : [
            `${table} has ${one.rows} rows, replayed ${other.rows}: ${examples.map(({ only, row }) => `${only} ${row}`).join('; ')}`,
          ],
    ),
  };
}

/** The boxes of some policies answer as the fold of their events does, at random coordinates on and beside boundaries. */
export async function boxesEqualFold(
  { pool, log }: ProvenReadSide,
  { seed, policies }: { readonly seed: number; readonly policies: number },
): Promise<Proof> {
  const chosen = await somePolicies(pool, { seed, policies });
  const against: string[] = [];
  for (const [index, { policy, slug }] of chosen.entries()) {
    const events = await eventsOfPolicy(log, slug, Infinity);
    for (const at of coordinatesOf(policy, events, seed + index)) {
      const boxes = await factsOfOne(pool, policy, at);
      if (!isDeepStrictEqual(plain(boxes), plain(folded(events, at))))
        against.push(`${slug} at ${JSON.stringify(at)} of seed ${seed + index}`);
    }
  }
  return {
    claim: `boxes of ${chosen.length} policies equal the fold at ${chosen.length * COORDINATES_A_POLICY} coordinates`,
    against,
  };
}

async function somePolicies(
  pool: Pool,
  { seed, policies }: { readonly seed: number; readonly policies: number },
): Promise<readonly { readonly policy: number; readonly slug: string }[]> {
  const { rows } = await pool.query<{ policy: number; slug: string }>(
    'SELECT DISTINCT policy, slug FROM read.policies ORDER BY policy',
  );
  if (rows.length <= policies) return rows;
  const random = randomFrom(seed);
  return Array.from({ length: policies }, () => itemAt(rows, random.share())).flatMap((row) => row ?? []);
}

function coordinatesOf(policy: number, events: readonly RecordedEvent[], seed: number): readonly ResolvedCoordinate[] {
  const instants = fc.constantFrom(...boundaries(events));
  const place = fc.integer({ min: policy, max: Number(events.at(-1)?.position ?? policy) }).map(position);
  const coordinate = fc.record({
    recorded: place,
    recordedAt: fc.constant(null),
    knownAt: instants,
    validAt: instants,
  });
  return fc.sample(coordinate, { numRuns: COORDINATES_A_POLICY, seed });
}

function folded(events: readonly RecordedEvent[], at: ResolvedCoordinate): object {
  const state = stateAt(events, at);
  return { facts: [...state.facts.values()], uncertain: state.uncertain, eventCount: keysInForce(state).length };
}

/** Members that are undefined count as absent; times without end stay told apart. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' ? `number ${member}` : member)),
  );
