import type { Pool } from 'pg';
import { type EventBody, type Json, type Position, instant, position } from '#domain';
import {
  type Coordinate,
  type Fact,
  type PolicyDifference,
  type PolicyPoint,
  type SeenEvent,
  compareText,
  differenceBetween,
} from '#temporal';
import { grouped } from '../rows-at.js';
import { WITHOUT_END, readInstant, standsAt, storedInstant } from '../table.js';
import type { EventMarks } from '../timeline/timeline.js';
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

const VERSIONS = `SELECT t.policy, t.event, t.position::float8 AS position, t.public_from::float8 AS public_from, t.known_from::float8 AS known_from,
    t.known_to::float8 AS known_to, t.retracted, t.body, t.marks
  FROM read.timeline t WHERE t.event = ANY ($2) AND t.recorded_from <= $1 AND t.recorded_to > $1`;

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

interface VersionRow {
  readonly policy: number;
  readonly event: string;
  readonly position: number;
  readonly public_from: number;
  readonly known_from: number;
  readonly known_to: number;
  readonly retracted: boolean;
  readonly body: EventBody;
  readonly marks: EventMarks;
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
  const [seenFirst, seenSecond] = await Promise.all([
    versionsAt(pool, from.recorded, behind),
    versionsAt(pool, to.recorded, behind),
  ]);
  const policies = [...new Set([...boxes, ...events].map((row) => row.policy))].sort((one, other) => one - other);
  const boxesOf = grouped(boxes, (row) => String(row.policy));
  const eventsOf = grouped(events, (row) => String(row.policy));
  return policies.map((number) => {
    const side = (at: Coordinate, isFirst: boolean, versions: VersionsByEvent): PolicyPoint =>
      pointOf(at, {
        boxes: (boxesOf.get(String(number)) ?? []).filter(({ at_first }) => at_first === isFirst),
        events: (eventsOf.get(String(number)) ?? []).filter(({ at_first }) => at_first === isFirst),
        versions,
      });
    return { policy: number, difference: differenceBetween(side(from, true, seenFirst), side(to, false, seenSecond)) };
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

type VersionsByEvent = ReadonlyMap<string, readonly VersionRow[]>;

async function versionsAt(pool: Pool, recorded: Position, events: readonly string[]): Promise<VersionsByEvent> {
  const { rows } = await pool.query<VersionRow>({
    name: 'versions-of-events',
    text: VERSIONS,
    values: [recorded, events],
  });
  return grouped(rows, ({ event }) => event);
}

interface PointRows {
  readonly boxes: readonly BoxRow[];
  readonly events: readonly EventRow[];
  readonly versions: VersionsByEvent;
}

function pointOf(at: Coordinate, { boxes, events, versions }: PointRows): PolicyPoint {
  const facts = boxes.map(({ field, value, event, since, until }) =>
    factOf(readTuple([field, value, event, since, until])),
  );
  return {
    at,
    facts: new Map(facts.map((fact): [string, Fact] => [fact.field, fact])),
    inForce: [...events]
      .sort((one, other) => compareText(one.occurred_order, other.occurred_order))
      .map(({ event }) => event),
    seen: (key) => seenEvent(key, at, versions.get(key) ?? []),
  };
}

function seenEvent(key: string, at: Coordinate, versions: readonly VersionRow[]): SeenEvent | undefined {
  const [any] = versions;
  if (!any) return undefined;
  const known = versions.find(
    ({ known_from, known_to }) => readInstant(known_from) <= at.knownAt && at.knownAt < readInstant(known_to),
  );
  const standing = known && { body: known.body, retracted: known.retracted, ...known.marks };
  return {
    key,
    position: position(any.position),
    knownFrom: instant(any.public_from),
    ...(standing ? { standing } : {}),
  };
}
