import type { Pool } from 'pg';
import type { Json, Position } from '#domain';
import {
  type Coordinate,
  type Fact,
  type PolicyDifference,
  type PolicyPoint,
  compareText,
  differenceBetween,
} from '#temporal';
import { groupRows } from '../rows/rows-at.js';
import { WITHOUT_END, standsAt, storedInstant } from '../rows/table.js';
import { type SeenEvents, seenEvents } from './seen-events.js';
import { factOf, readTuple } from './state.js';

/** What differs in one policy, by its number. */
export interface NumberedDifference {
  readonly policy: number;
  readonly difference: PolicyDifference;
}

const FIRST = ['$1', '$2', '$3'] as const;
const SECOND = ['$4', '$5', '$6'] as const;

type PointNames = readonly [recorded: string, known: string, valid: string];

const inside = (row: string, [recorded, known, valid]: PointNames): string =>
  `(${standsAt(row, recorded, known)} AND ${row}.valid_from <= ${valid} AND ${row}.valid_to > ${valid})`;

/** The same, in words that the index on ranges understands: it finds boxes among those of all policies. */
const insideAnywhere = (row: string, [recorded, known, valid]: PointNames): string =>
  `(int8range(${row}.recorded_from, ${row}.recorded_to) @> ${recorded}::bigint AND int8range(${row}.known_from, ${row}.known_to) @> ${known}::bigint
    AND int8range(${row}.valid_from, ${row}.valid_to) @> ${valid}::bigint)`;

// Only what holds exactly one of the two points can differ; the rest is left behind in the database.
const boxesWhere = (holds: typeof inside, policy: string): string => {
  const holding = (one: PointNames, other: PointNames, isFirst: boolean): string =>
    `SELECT b.policy, b.field, b.value, b.event, b.since, b.until, ${isFirst} AS at_first FROM read.boxes b WHERE ${policy} ${holds('b', one)} AND NOT ${inside('b', other)}`;
  return `${holding(FIRST, SECOND, true)} UNION ALL ${holding(SECOND, FIRST, false)}`;
};

const BOXES_OF_ONE = boxesWhere(inside, 'b.policy = $8 AND');
const BOXES_OF_ALL = boxesWhere(insideAnywhere, '');

// What holds one point and not the other begins or ends between them, in recorded or in known time.
const BETWEEN = [
  't.known_from > least($2::bigint, $4::bigint) AND t.known_from <= greatest($2::bigint, $4::bigint)',
  `t.known_to < ${WITHOUT_END} AND t.known_to > least($2::bigint, $4::bigint) AND t.known_to <= greatest($2::bigint, $4::bigint)`,
  't.recorded_from > least($1::bigint, $3::bigint) AND t.recorded_from <= greatest($1::bigint, $3::bigint)',
  `t.recorded_to < ${WITHOUT_END} AND t.recorded_to > least($1::bigint, $3::bigint) AND t.recorded_to <= greatest($1::bigint, $3::bigint)`,
];

const EVENTS = `SELECT t.policy, t.event, t.occurred_order, (${standsAt('t', '$1', '$2')}) AS at_first FROM read.timeline t
  WHERE t.counts AND (${standsAt('t', '$1', '$2')}) <> (${standsAt('t', '$3', '$4')})`;

const EVENTS_OF_ONE = `${EVENTS} AND t.policy = $6`;
const EVENTS_OF_ALL = `${EVENTS} AND (${BETWEEN.map((bounds) => `(${bounds})`).join(' OR ')})`;

interface BoxRow {
  readonly policy: number;
  readonly field: string;
  readonly value: Json;
  readonly event: string;
  readonly since: number;
  readonly until: number;
  readonly at_first: boolean;
}

interface EventRow {
  readonly policy: number;
  readonly event: string;
  readonly occurred_order: string;
  readonly at_first: boolean;
}

/** So many fields are compared at a time: what is seen of the events behind them need not be in memory all at once. */
const FIELDS_AT_ONCE = 500;

/** A comparison finds at most so many boxes, and as many events, that differ. */
const MOST_DIFFERING = 100_000;

/** More differs between two coordinates than one answer may tell. */
export class TooMuchDiffersError extends Error {
  override readonly name = 'TooMuchDiffersError';
}

interface Asked extends Points {
  /** Number of the policy; null for all. */
  readonly policy: number | null;
  /** How many boxes, and events, may differ; as many as is usual unless told. */
  readonly most?: number;
  /** So many fields are compared at a time; as many as is usual unless told. */
  readonly atOnce?: number;
}

/**
 * What differs between two coordinates, in one policy or in all, by the number of the policy; work in proportion to what
 * differs, some fields at a time. Throws {@link TooMuchDiffersError} where that is too much.
 */
export async function differences(
  pool: Pool,
  { from, to, policy, most = MOST_DIFFERING, atOnce = FIELDS_AT_ONCE }: Asked,
): Promise<readonly NumberedDifference[]> {
  const [boxes, events] = await Promise.all([
    boxesOfEither(pool, { from, to, policy, most }),
    eventsOfEither(pool, { from, to, policy, most }),
  ]);
  if (boxes.length > most || events.length > most)
    throw new TooMuchDiffersError(`More than ${most} values or events differ between the two points.`);
  const found = new Map<number, PolicyDifference>();
  const eventsOf = groupRows(events, (row) => String(row.policy));
  const numbers = [...new Set([...boxes, ...events].map((row) => row.policy))].sort((one, other) => one - other);
  for (const number of numbers)
    found.set(number, differenceOf({ from, to }, { boxes: [], events: eventsOf.get(String(number)) ?? [] }));
  for (const some of fieldsInTurn(boxes, atOnce)) {
    const seen = await seenEvents(pool, { from, to }, [...new Set(some.map(({ event }) => event))]);
    for (const [number, own] of groupRows(some, (row) => String(row.policy))) {
      const { changes } = differenceOf({ from, to }, { boxes: own, events: [], seen });
      const before = found.get(Number(number)) ?? NOTHING;
      found.set(Number(number), { ...before, changes: [...before.changes, ...changes] });
    }
  }
  return [...found].map(([number, difference]) => ({ policy: number, difference }));
}

const NOTHING: PolicyDifference = { changes: [], added: [], removed: [] };

/** The boxes by policy and field, some fields after the other; both boxes of a field together. */
function* fieldsInTurn(boxes: readonly BoxRow[], atOnce: number): Generator<readonly BoxRow[]> {
  const sorted = [...boxes].sort((one, other) => one.policy - other.policy || compareText(one.field, other.field));
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    to = Math.min(from + atOnce, sorted.length);
    while (to < sorted.length && isOfField(sorted[to], sorted[to - 1])) to += 1;
    yield sorted.slice(from, to);
  }
}

const isOfField = (one: BoxRow | undefined, other: BoxRow | undefined): boolean =>
  one?.policy === other?.policy && one?.field === other?.field;

interface Differing {
  readonly boxes: readonly BoxRow[];
  readonly events: readonly EventRow[];
  readonly seen?: SeenEvents;
}

function differenceOf({ from, to }: Points, { boxes, events, seen }: Differing): PolicyDifference {
  const side = (at: Coordinate, isFirst: boolean): PolicyPoint =>
    pointOf(at, {
      boxes: boxes.filter(({ at_first }) => at_first === isFirst),
      events: events.filter(({ at_first }) => at_first === isFirst),
      seen: (isFirst ? seen?.from : seen?.to) ?? (() => undefined),
      notes: seen?.notes ?? new Map(),
    });
  return differenceBetween(side(from, true), side(to, false));
}

const pointValues = ({ recorded, knownAt, validAt }: Coordinate): readonly [Position, number, number] => [
  recorded,
  storedInstant(knownAt),
  storedInstant(validAt),
];

interface Points {
  readonly from: Coordinate;
  readonly to: Coordinate;
}

type Bounded = Required<Omit<Asked, 'atOnce'>>;

async function boxesOfEither(pool: Pool, { from, to, policy, most }: Bounded): Promise<readonly BoxRow[]> {
  const values = [...pointValues(from), ...pointValues(to), most + 1];
  const { rows } = await pool.query<BoxRow>(
    policy === null
      ? { name: 'differing-boxes', text: `${BOXES_OF_ALL} LIMIT $7`, values }
      : { name: 'differing-boxes-of-policy', text: `${BOXES_OF_ONE} LIMIT $7`, values: [...values, policy] },
  );
  return rows;
}

async function eventsOfEither(pool: Pool, { from, to, policy, most }: Bounded): Promise<readonly EventRow[]> {
  const [[recorded, known], [otherRecorded, otherKnown]] = [pointValues(from), pointValues(to)];
  const values = [recorded, known, otherRecorded, otherKnown, most + 1];
  const { rows } = await pool.query<EventRow>(
    policy === null
      ? { name: 'differing-events', text: `${EVENTS_OF_ALL} LIMIT $5`, values }
      : { name: 'differing-events-of-policy', text: `${EVENTS_OF_ONE} LIMIT $5`, values: [...values, policy] },
  );
  return rows;
}

interface PointRows extends Pick<SeenEvents, 'notes'> {
  readonly boxes: readonly BoxRow[];
  readonly events: readonly EventRow[];
  readonly seen: SeenEvents['from'];
}

function pointOf(at: Coordinate, { boxes, events, seen, notes }: PointRows): PolicyPoint {
  const facts = boxes.map(({ field, value, event, since, until }) =>
    factOf(readTuple([field, value, event, since, until])),
  );
  return {
    at,
    facts: new Map(facts.map((fact): [string, Fact] => [fact.field, fact])),
    inForce: [...events]
      .sort((one, other) => compareText(one.occurred_order, other.occurred_order))
      .map(({ event }) => event),
    event: seen,
    notes: [...notes.values()],
    note: (key) => notes.get(key),
  };
}
