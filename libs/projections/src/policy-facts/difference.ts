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
import { readInstant, standsAt, storedInstant } from '../table.js';
import type { EventMarks } from '../timeline/timeline.js';
import { factOf } from './state.js';

/** What differs in one policy, by its number. */
export interface NumberedDifference {
  readonly policy: number;
  readonly difference: PolicyDifference;
}

const inside = (row: string, [recorded, known, valid]: readonly [string, string, string]): string =>
  `(${standsAt(row, recorded, known)} AND ${row}.valid_from <= ${valid} AND ${row}.valid_to > ${valid})`;

const FIRST = ['$1', '$2', '$3'] as const;
const SECOND = ['$4', '$5', '$6'] as const;

// Only what holds exactly one of the two points can differ; the rest is never read.
const BOXES = `SELECT b.policy, b.field, b.value, b.event, b.since, b.until, ${inside('b', FIRST)} AS at_first
  FROM read.boxes b WHERE ($7::integer IS NULL OR b.policy = $7) AND (${inside('b', FIRST)} <> ${inside('b', SECOND)})
    AND ${rangesMeet('b')}`;

const EVENTS = `SELECT t.policy, t.event, t.occurred_order, (${standsAt('t', '$1', '$2')}) AS at_first FROM read.timeline t
  WHERE t.counts AND ($5::integer IS NULL OR t.policy = $5) AND ((${standsAt('t', '$1', '$2')}) <> (${standsAt('t', '$3', '$4')}))`;

const VERSIONS = `SELECT t.policy, t.event, t.position::float8 AS position, t.public_from::float8 AS public_from, t.known_from::float8 AS known_from,
    t.known_to::float8 AS known_to, t.retracted, t.body, t.marks
  FROM read.timeline t WHERE t.event = ANY ($2) AND t.recorded_from <= $1 AND t.recorded_to > $1`;

/** Lets the index on ranges find the boxes that hold either point. */
function rangesMeet(row: string): string {
  const holds = ([recorded, known, valid]: readonly [string, string, string]): string =>
    `(int8range(${row}.recorded_from, ${row}.recorded_to) @> ${recorded}::bigint AND int8range(${row}.known_from, ${row}.known_to) @> ${known}::bigint
      AND int8range(${row}.valid_from, ${row}.valid_to) @> ${valid}::bigint)`;
  return `(${holds(FIRST)} OR ${holds(SECOND)})`;
}

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
  const [first, second] = [pointValues(from), pointValues(to)];
  const [boxes, events] = await Promise.all([
    pool.query<BoxRow>({ name: 'differing-boxes', text: BOXES, values: [...first, ...second, policy] }),
    pool.query<EventRow>({
      name: 'differing-events',
      text: EVENTS,
      values: [first[0], first[1], second[0], second[1], policy],
    }),
  ]);
  const behind = [...new Set(boxes.rows.map(({ event }) => event))];
  const [seenFirst, seenSecond] = await Promise.all([
    versionsAt(pool, from.recorded, behind),
    versionsAt(pool, to.recorded, behind),
  ]);
  const policies = [...new Set([...boxes.rows, ...events.rows].map((row) => row.policy))].sort(
    (one, other) => one - other,
  );
  const boxesOf = grouped(boxes.rows, (row) => String(row.policy));
  const eventsOf = grouped(events.rows, (row) => String(row.policy));
  return policies.map((number) => {
    const side = (at: Coordinate, isFirst: boolean, versions: readonly VersionRow[]): PolicyPoint =>
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

async function versionsAt(pool: Pool, recorded: Position, events: readonly string[]): Promise<readonly VersionRow[]> {
  const { rows } = await pool.query<VersionRow>({
    name: 'versions-of-events',
    text: VERSIONS,
    values: [recorded, events],
  });
  return rows;
}

interface PointRows {
  readonly boxes: readonly BoxRow[];
  readonly events: readonly EventRow[];
  readonly versions: readonly VersionRow[];
}

function pointOf(at: Coordinate, { boxes, events, versions }: PointRows): PolicyPoint {
  const facts = boxes.map(({ field, value, event, since, until }) => factOf([field, value, event, since, until]));
  return {
    at,
    facts: new Map(facts.map((fact): [string, Fact] => [fact.field, fact])),
    inForce: [...events]
      .sort((one, other) => compareText(one.occurred_order, other.occurred_order))
      .map(({ event }) => event),
    seen: (key) =>
      seenEvent(
        key,
        at,
        versions.filter(({ event }) => event === key),
      ),
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
