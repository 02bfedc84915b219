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
import { grouped } from '../rows-at.js';
import { WITHOUT_END, standsAt, storedInstant } from '../table.js';
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

const BOXES_OF_ONE = boxesWhere(inside, 'b.policy = $7 AND');
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

const EVENTS_OF_ONE = `${EVENTS} AND t.policy = $5`;
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

/** What differs between two coordinates, in one policy or in all; work in proportion to what differs. */
export async function differences(
  pool: Pool,
  { from, to }: { from: Coordinate; to: Coordinate },
  policy: number | null,
): Promise<readonly NumberedDifference[]> {
  const [boxes, events] = await Promise.all([
    boxesOfEither(pool, { from, to }, policy),
    eventsOfEither(pool, { from, to }, policy),
  ]);
  const behind = [...new Set(boxes.map(({ event }) => event))];
  const seen = await seenEvents(pool, { from, to }, behind);
  const policies = [...new Set([...boxes, ...events].map((row) => row.policy))].sort((one, other) => one - other);
  const boxesOf = grouped(boxes, (row) => String(row.policy));
  const eventsOf = grouped(events, (row) => String(row.policy));
  return policies.map((number) => {
    const side = (at: Coordinate, isFirst: boolean): PolicyPoint =>
      pointOf(at, {
        boxes: (boxesOf.get(String(number)) ?? []).filter(({ at_first }) => at_first === isFirst),
        events: (eventsOf.get(String(number)) ?? []).filter(({ at_first }) => at_first === isFirst),
        seen: isFirst ? seen.from : seen.to,
        notes: seen.notes,
      });
    return { policy: number, difference: differenceBetween(side(from, true), side(to, false)) };
  });
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

async function boxesOfEither(pool: Pool, { from, to }: Points, policy: number | null): Promise<readonly BoxRow[]> {
  const points = [...pointValues(from), ...pointValues(to)];
  const { rows } = await pool.query<BoxRow>(
    policy === null
      ? { name: 'differing-boxes', text: BOXES_OF_ALL, values: points }
      : { name: 'differing-boxes-of-policy', text: BOXES_OF_ONE, values: [...points, policy] },
  );
  return rows;
}

async function eventsOfEither(pool: Pool, { from, to }: Points, policy: number | null): Promise<readonly EventRow[]> {
  const [[recorded, known], [otherRecorded, otherKnown]] = [pointValues(from), pointValues(to)];
  const points = [recorded, known, otherRecorded, otherKnown];
  const { rows } = await pool.query<EventRow>(
    policy === null
      ? { name: 'differing-events', text: EVENTS_OF_ALL, values: points }
      : { name: 'differing-events-of-policy', text: EVENTS_OF_ONE, values: [...points, policy] },
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
    seen,
    notes: [...notes.values()],
    note: (key) => notes.get(key),
  };
}
