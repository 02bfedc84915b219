import { isDeepStrictEqual } from 'node:util';
import type { Pool } from 'pg';
import { type Instant, type RecordedEvent, fromStored, instant, position } from '#domain';
import type { EventLog, LogEntry } from '#event-log';
import { Turns } from '#runtime/turns';
import type { Coordinate } from '#temporal';
import { readPartitions, readReadModels } from '../../runner/membership/stored-partitions.js';
import { type FactsAt, isFolded } from '../../core/replay/fold-entries.js';
import { entriesOfPolicy } from '../../core/replay/replay.js';
import { type FoldedAt, ReplayTooLongError, type Replays } from '../../core/replay/replay-threads.js';
import { factsOfOne } from '../../core/state.js';

/** A coordinate of one policy at which both engines were asked, and whether they agree. */
export interface EngineComparison {
  readonly policy: string;
  readonly at: Coordinate;
  readonly isEqual: boolean;
}

/** Where engines are asked. */
export type EngineQuestion = Pick<EngineComparison, 'policy' | 'at'>;

/** What engines are compared with. */
export interface EngineCheck {
  readonly pool: Pool;
  readonly log: Pick<EventLog, 'readStream'>;
  /** Folds long streams. */
  readonly replays: Replays;
  /** From 0 up to, without, 1. */
  readonly random: () => number;
}

const SLUGS =
  'SELECT DISTINCT ON (policy) policy, slug FROM read.policies WHERE recorded_from <= $1 ORDER BY policy, recorded_from DESC';

/** Policies that are chosen among; of more, those that a random place leads to. */
const CHOSEN_AMONG = 1_000;

/**
 * Asks both engines for one policy, chosen at random, at coordinates chosen at random on and beside the times that its
 * events speak of. Empty while there is no policy, and for one with more events than are folded at once.
 */
export async function compareEngines(check: EngineCheck, coordinates: number): Promise<readonly EngineComparison[]> {
  const { pool, log, replays, random } = check;
  const reached = await positionReached(pool);
  if (reached === 0) return [];
  const chosen = await someSlug(pool, { reached, random });
  if (!chosen) return [];
  const entries = await entriesIfFew(log, chosen.slug, reached);
  if (!entries) return [];
  const folded = entries.filter(isFolded);
  return replays.fold(entries, async (foldedAt) => {
    const comparisons: EngineComparison[] = [];
    for (let count = 0; count < coordinates; count += 1) {
      const at = someCoordinate(folded, { first: chosen.policy, last: reached, random });
      const isEqual = await agree(pool, foldedAt, { number: chosen.policy, at });
      comparisons.push({ policy: chosen.slug, at, isEqual });
    }
    return comparisons;
  });
}

/** How far the facts have come, whichever process advances them; 0 while they are being built. */
async function positionReached(pool: Pool): Promise<number> {
  const facts = (await readReadModels(pool)).find(({ name }) => name === 'policy-facts');
  if (!facts || facts.builtTo === null) return 0;
  return Math.min(...(await readPartitions(pool)).map(({ position }) => position));
}

async function someSlug(
  pool: Pool,
  { reached, random }: { readonly reached: number; readonly random: () => number },
): Promise<{ readonly policy: number; readonly slug: string } | undefined> {
  const from = Math.floor(random() * reached);
  const { rows } = await pool.query<{ policy: number; slug: string }>(
    `SELECT * FROM (${SLUGS}) p ORDER BY policy < $2, policy LIMIT ${CHOSEN_AMONG}`,
    [reached, from],
  );
  return rows[Math.floor(random() * rows.length)];
}

async function entriesIfFew(
  log: EngineCheck['log'],
  slug: string,
  until: number,
): Promise<readonly LogEntry[] | undefined> {
  try {
    return await entriesOfPolicy(log, slug, until);
  } catch (error) {
    if (error instanceof ReplayTooLongError) return undefined;
    throw error;
  }
}

/** Asks both engines again where they were asked before; false also where the policy is not there any more. */
export async function enginesAgree(
  { pool, log, replays }: Pick<EngineCheck, 'pool' | 'log' | 'replays'>,
  { policy, at }: EngineQuestion,
): Promise<boolean> {
  const { rows } = await pool.query<{ policy: number }>('SELECT policy FROM read.policies WHERE slug = $1 LIMIT 1', [
    policy,
  ]);
  const [found] = rows;
  if (!found) return false;
  return replays.fold(await entriesOfPolicy(log, policy, at.recorded), (foldedAt) =>
    agree(pool, foldedAt, { number: found.policy, at }),
  );
}

async function agree(
  pool: Pool,
  foldedAt: FoldedAt,
  { number, at }: { readonly number: number; readonly at: Coordinate },
): Promise<boolean> {
  const kept = await factsOfOne(pool, number, { ...at, recordedAt: null });
  const folded = await foldedAt(at);
  return (
    kept.eventCount === folded.eventCount &&
    (await areSame(kept.facts, folded.facts)) &&
    (await areSame(kept.uncertain, folded.uncertain))
  );
}

/** Compares lists in turns: they can be long. */
async function areSame(some: FactsAt['facts' | 'uncertain'], others: FactsAt['facts' | 'uncertain']): Promise<boolean> {
  if (some.length !== others.length) return false;
  const turns = new Turns();
  for (const [index, one] of some.entries()) {
    if (!isDeepStrictEqual(plain(one), plain(others[index]))) return false;
    if (turns.isOver) await turns.next();
  }
  return true;
}

interface Bounds {
  readonly first: number;
  readonly last: number;
  readonly random: () => number;
}

function someCoordinate(entries: readonly LogEntry[], { first, last, random }: Bounds): Coordinate {
  const some = (): Instant => {
    const entry = entries[Math.floor(random() * entries.length)];
    const times = entry ? timesOf(fromStored(entry)).filter(Number.isFinite) : [];
    const chosen = times[Math.floor(random() * times.length)];
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

/** Members that are undefined count as absent; times without end stay told apart. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' ? `number ${member}` : member)),
  );
