import { isDeepStrictEqual } from 'node:util';
import type { Pool } from 'pg';
import { type Instant, type RecordedEvent, instant, position } from '#domain';
import type { EventLog } from '#event-log';
import { type Coordinate, keysInForce, stateAt } from '#temporal';
import { readUnits } from '../runner/units.js';
import { eventsOfPolicy } from './replay.js';
import { type FactsAt, factsOfOne } from './state.js';

/** A coordinate of one policy at which both engines were asked, and whether they agree. */
export interface EngineComparison {
  readonly policy: string;
  readonly at: Coordinate;
  readonly isEqual: boolean;
}

/** Where engines are asked. */
export type EngineQuestion = Pick<EngineComparison, 'policy' | 'at'>;

/** What the comparison stands on. */
export interface EngineCheck {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readStream'>;
  /** From 0 up to, without, 1. */
  readonly random: () => number;
}

const SLUGS =
  'SELECT DISTINCT ON (policy) policy, slug FROM read.policies WHERE recorded_from <= $1 ORDER BY policy, recorded_from DESC';

/** Policies that are chosen among; of more, those that a random place leads to. */
const CHOSEN_AMONG = 1_000;

/**
 * Asks both engines for one policy, chosen at random, at coordinates chosen at random on and beside the times that its
 * events speak of. Empty while there is no policy.
 */
export async function compareEngines(check: EngineCheck, coordinates: number): Promise<readonly EngineComparison[]> {
  const { pool, log, random } = check;
  const units = await readUnits(pool);
  const facts = units.filter(({ projection, state }) => projection === 'policy-facts' && state === 'running');
  const reached = Math.min(...facts.map((unit) => unit.position));
  if (!Number.isFinite(reached) || reached === 0) return [];
  const from = Math.floor(random() * reached);
  const { rows } = await pool.query<{ policy: number; slug: string }>(
    `SELECT * FROM (${SLUGS}) p ORDER BY policy < $2, policy LIMIT ${CHOSEN_AMONG}`,
    [reached, from],
  );
  const chosen = rows[Math.floor(random() * rows.length)];
  if (!chosen) return [];
  const events = await eventsOfPolicy(log, chosen.slug, reached);
  const comparisons: EngineComparison[] = [];
  for (let count = 0; count < coordinates; count += 1) {
    const at = someCoordinate(events, { first: chosen.policy, last: reached, random });
    comparisons.push({ policy: chosen.slug, at, isEqual: await agree(pool, events, { number: chosen.policy, at }) });
  }
  return comparisons;
}

/** Asks both engines again where they were asked before; false also where the policy is not there any more. */
export async function enginesAgree(
  { pool, log }: Pick<EngineCheck, 'pool' | 'log'>,
  { policy, at }: EngineQuestion,
): Promise<boolean> {
  const { rows } = await pool.query<{ policy: number }>('SELECT policy FROM read.policies WHERE slug = $1 LIMIT 1', [
    policy,
  ]);
  const [found] = rows;
  if (!found) return false;
  return agree(pool, await eventsOfPolicy(log, policy, at.recorded), { number: found.policy, at });
}

async function agree(
  pool: Pool,
  events: readonly RecordedEvent[],
  { number, at }: { readonly number: number; readonly at: Coordinate },
): Promise<boolean> {
  const kept = await factsOfOne(pool, number, { ...at, recordedAt: null });
  return isDeepStrictEqual(plain(kept), plain(folded(events, at)));
}

interface Bounds {
  readonly first: number;
  readonly last: number;
  readonly random: () => number;
}

function someCoordinate(events: readonly RecordedEvent[], { first, last, random }: Bounds): Coordinate {
  const instants = events.flatMap(timesOf).filter(Number.isFinite);
  const some = (): Instant => {
    const chosen = instants[Math.floor(random() * instants.length)];
    return instant((chosen ?? Date.UTC(2000)) + Math.floor(random() * 3) - 1);
  };
  return {
    recorded: position(first + Math.floor(random() * (last - first + 1))),
    knownAt: some(),
    validAt: some(),
  };
}

const timesOf = ({ body, recordedAt }: RecordedEvent): readonly number[] => [
  recordedAt,
  body.publishedAt.from,
  body.occurred.earliest,
  body.occurred.latest,
];

function folded(events: readonly RecordedEvent[], at: Coordinate): FactsAt {
  const state = stateAt(events, at);
  return { facts: [...state.facts.values()], uncertain: state.uncertain, eventCount: keysInForce(state).length };
}

/** Members that are undefined count as absent; times without end stay told apart. */
const plain = (value: FactsAt): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' ? `number ${member}` : member)),
  );
