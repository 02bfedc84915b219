import type { Pool } from 'pg';
import type { MadePromise, PolicyEnd, PromiseRecord, Settlement } from '#analysis';
import { position } from '#domain';
import { slugsOf } from '../../core/policies.js';
import { saysOver } from '../../core/policy-facts.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { type DatedRow, type DueRow, SELECT_DATED, SELECT_DUE, readDates, readDue } from './dated-columns.js';
import { readInstant, standsAt, storedInstant } from '../../rows/table.js';

/** Select list of a promise, of rows `t`. */
export const SELECT_PROMISE = `${SELECT_DATED}, ${SELECT_DUE}, t.kind, t.made_by, t.summary`;

/** A promise as it is stored. */
export interface PromiseRow extends DatedRow, DueRow {
  readonly policy: number;
  readonly kind: MadePromise['kind'];
  readonly made_by: readonly string[];
  readonly summary: string;
}

interface SettlementRow extends DatedRow, DueRow {
  readonly policy: number;
  readonly promise: string;
  readonly way: Settlement['way'];
}

/** Promises are moved so many times at most; then later moves are not followed. */
const MOST_MOVES = 1_000;

/** What is judged from, for these promises: all that concerns them, in whichever policy it is. */
export async function recordAround(
  pool: Pool,
  at: ResolvedCoordinate,
  rows: readonly PromiseRow[],
): Promise<PromiseRecord> {
  const promises = new Map(rows.map((row) => [row.event, row]));
  const settlements = new Map<string, SettlementRow>();
  let asked = [...promises.keys()];
  for (let round = 0; asked.length > 0 && round < MOST_MOVES; round += 1) {
    const found = await settlementsAbout(pool, at, asked);
    for (const row of found) settlements.set(JSON.stringify([row.event, row.promise]), row);
    const moving = found.filter(({ way }) => way === 'moves').flatMap(({ event, promise }) => [event, promise]);
    const others = [...new Set(moving)].filter((key) => !promises.has(key));
    const moved = others.length === 0 ? [] : await promisesNamed(pool, at, others);
    for (const row of moved) promises.set(row.event, row);
    asked = moved.map(({ event }) => event);
  }
  const policies = [...new Set([...promises.values()].map(({ policy }) => policy))];
  const slugs = await slugsOf(pool, policies);
  const slugOf = (policy: number): string => slugs.get(policy) ?? '';
  return {
    promises: [...promises.values()].map((row) => readPromise(row, slugOf(row.policy))),
    settlements: [...settlements.values()].map((row) => readSettlement(row, slugOf(row.policy))),
    ends: await endsOf(pool, at, policies),
  };
}

const readPromise = (row: PromiseRow, policy: string): MadePromise => ({
  promise: row.event,
  policy,
  kind: row.kind,
  by: row.made_by,
  summary: row.summary,
  due: readDue(row),
  made: readDates(row),
  knownFrom: readInstant(row.public_from),
  position: position(row.position),
  order: row.occurred_order,
});

const readSettlement = (row: SettlementRow, policy: string): Settlement => ({
  event: row.event,
  policy,
  promise: row.promise,
  way: row.way,
  due: readDue(row),
  dates: readDates(row),
  order: row.occurred_order,
});

/** What is said of these promises, and what these say of others. */
async function settlementsAbout(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  keys: readonly string[],
): Promise<readonly SettlementRow[]> {
  const found = (column: string): string => `SELECT t.policy, t.promise, t.way, ${SELECT_DATED}, ${SELECT_DUE}
    FROM unnest($3::text[]) asked (key) JOIN read.settlements t ON t.${column} = asked.key WHERE ${standsAt('t', '$1', '$2')}`;
  const { rows } = await pool.query<SettlementRow>({
    name: 'settlements-about',
    text: `${found('promise')} UNION ALL ${found('event')}`,
    values: [recorded, storedInstant(knownAt), keys],
  });
  return rows;
}

/** The promises that these events make. */
export async function promisesNamed(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  keys: readonly string[],
): Promise<readonly PromiseRow[]> {
  const { rows } = await pool.query<PromiseRow>({
    name: 'promises-named',
    text: `SELECT t.policy, ${SELECT_PROMISE} FROM unnest($3::text[]) asked (key) JOIN read.promises t ON t.event = asked.key WHERE ${standsAt('t', '$1', '$2')}`,
    values: [recorded, storedInstant(knownAt), keys],
  });
  return rows;
}

interface EndRow {
  readonly slug: string;
  readonly event: string;
  readonly since: number;
}

/** Which of these policies are over, and since when. */
async function endsOf(
  pool: Pool,
  { recorded, knownAt, validAt }: ResolvedCoordinate,
  policies: readonly number[],
): Promise<ReadonlyMap<string, PolicyEnd>> {
  const { rows } = await pool.query<EndRow>({
    name: 'policies-over',
    text: `SELECT (SELECT p.slug FROM read.policies p WHERE p.policy = b.policy LIMIT 1) AS slug, b.event, b.since::float8 AS since
      FROM read.boxes b WHERE b.policy = ANY ($4) AND ${saysOver('b')} AND ${standsAt('b', '$1', '$2')}
        AND b.valid_from <= $3 AND b.valid_to > $3`,
    values: [recorded, storedInstant(knownAt), storedInstant(validAt), policies],
  });
  return new Map(rows.map(({ slug, event, since }) => [slug, { event, since: readInstant(since) }]));
}
