import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { type RecordedEvent, instant, position } from '#domain';
import type { EventLog } from '#event-log';
import { Projections } from '#projections';
import { keysInForce, stateAt } from '#temporal';
import type { ResolvedCoordinate } from '../../libs/projections/src/answers.js';
import { eventsOfPolicy } from '../../libs/projections/src/policy-facts/replay.js';
import { NOTHING, factsOfAll } from '../../libs/projections/src/policy-facts/state.js';
import { boundaries } from '../support/corpus.js';
import type { Proof } from './proofs.js';
import { itemAt, randomFrom } from './random.js';

/** What the read models are proven with. Nobody else brings them on meanwhile. */
export interface ReadSide {
  /** Works as the application's role, past the proxy. */
  readonly pool: Pool;
  readonly log: EventLog;
}

const COORDINATES_A_POLICY = 5;

/** The positions that the read models have reached, by name. */
export async function projectedPositions(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ name: string; position: number }>(
    'SELECT name, position::float8 AS position FROM read.projections',
  );
  return new Map(rows.map((row) => [row.name, row.position]));
}

/** Every row of the read models, and the same rows built from the log in one go. */
export async function readModelsEqualReplay({ pool, log }: ReadSide): Promise<Proof> {
  const live = await digests(pool);
  await pool.query('UPDATE read.projections SET version = version - 1');
  const against: string[] = [];
  const projections = new Projections({
    pool,
    log,
    now: () => instant(Date.now()),
    onStopped: (error) => against.push(`the replay stopped: ${String(error)}`),
  });
  await projections.start();
  await projections.stop();
  const replayed = await digests(pool);
  for (const [table, digest] of live)
    if (replayed.get(table) !== digest) against.push(`${table} is ${digest}, replayed ${replayed.get(table)}`);
  const rows = [...live.values()].reduce((sum, digest) => sum + Number(digest.split(' ')[0]), 0);
  return { claim: `${rows} rows in ${live.size} tables of the read models equal those of a replay`, against };
}

/** Number of rows and digest of each table whose rows say where they stand in recorded time. */
async function digests(pool: Pool): Promise<ReadonlyMap<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'read' AND column_name = 'recorded_to' ORDER BY 1`,
  );
  const found = new Map<string, string>();
  for (const { name } of tables) {
    // Digests of rows are digested, not their text: that would outgrow a value of PostgreSQL.
    const { rows } = await pool.query<{ digest: string }>(
      `SELECT count(*) || ' rows ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY policy, id, part)), '') AS digest FROM read.${name} t`,
    );
    found.set(name, rows[0]?.digest ?? '');
  }
  return found;
}

/** The boxes of some policies answer as the fold of their events does, at random coordinates on and beside boundaries. */
export async function boxesEqualFold(
  { pool, log }: ReadSide,
  { seed, policies }: { readonly seed: number; readonly policies: number },
): Promise<Proof> {
  const chosen = await somePolicies(pool, { seed, policies });
  const against: string[] = [];
  for (const [index, { policy, slug }] of chosen.entries()) {
    const events = await eventsOfPolicy(log, slug, Infinity);
    for (const at of coordinatesOf(policy, events, seed + index)) {
      const boxes = (await factsOfAll(pool, [policy], at)).get(policy) ?? NOTHING;
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
