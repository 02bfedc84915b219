import type { Pool } from 'pg';
import { type EventBody, instant, position } from '#domain';
import { Turns } from '#runtime/turns';
import type { Coordinate, RecordNote, EventAtPoint } from '#temporal';
import { groupRows } from '../rows/rows-at.js';
import { readInstant, storedInstant } from '../rows/table.js';
import { type ActingRecordRows, actingRecords, recordsInForce } from './records-in-force.js';
import type { EventMarks } from './timeline.js';

const VERSIONS = `SELECT t.policy, t.event, t.position::float8 AS position, t.public_from::float8 AS public_from, t.known_from::float8 AS known_from,
    t.known_to::float8 AS known_to, t.retracted, t.body, t.marks,
    CASE WHEN t.known_from <= $3 AND t.known_to > $3 THEN ${actingRecords('t', ['$1', '$3'])} END AS records
  FROM read.timeline t WHERE t.event = ANY ($2) AND t.recorded_from <= $1 AND t.recorded_to > $1`;

// The records of one stretch of the log, and what they speak of, down to what they are about in the end.
const NOTES = `WITH RECURSIVE notes AS (
    SELECT DISTINCT t.event, t.position, t.type, t.target FROM read.timeline t
      WHERE t.policy = ANY ($1) AND t.position > $2 AND t.position <= $3 AND t.target IS NOT NULL
    UNION
    SELECT t.event, t.position, t.type, t.target FROM notes n JOIN read.timeline t ON t.event = n.target
      WHERE t.target IS NOT NULL)
  SELECT event, position::float8 AS position, type, target FROM notes`;

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
  readonly records: ActingRecordRows;
}

interface NoteRow {
  readonly event: string;
  readonly position: number;
  readonly type: string;
  readonly target: string;
}

interface Points {
  readonly from: Coordinate;
  readonly to: Coordinate;
}

/** Events as each of two coordinates sees them, and the records that moved a publication between the two. */
export interface SeenEvents {
  readonly from: (key: string) => EventAtPoint | undefined;
  readonly to: (key: string) => EventAtPoint | undefined;
  readonly notes: ReadonlyMap<string, RecordNote>;
}

/** How often what is named by the events that differ is looked up in turn; corrections of corrections go that deep. */
const ROUNDS = 64;

/**
 * Loads the events of these keys, with whatever made them differ: what retracted, corrected or dated them, and so on.
 *
 * Of an event that is the same from both coordinates nothing more is loaded.
 */
export async function seenEvents(pool: Pool, points: Points, keys: readonly string[]): Promise<SeenEvents> {
  const first = new Map<string, EventAtPoint | undefined>();
  const second = new Map<string, EventAtPoint | undefined>();
  const moved = new Set<number>();
  const turns = new Turns();
  let wanted = keys;
  for (let round = 0; round < ROUNDS && wanted.length > 0; round += 1) {
    const [ones, others] = await Promise.all([
      versionsAt(pool, points.from, wanted),
      versionsAt(pool, points.to, wanted),
    ]);
    const named: string[] = [];
    for (const key of wanted) {
      first.set(key, seenEvent(key, points.from, ones.get(key) ?? []));
      second.set(key, seenEvent(key, points.to, others.get(key) ?? []));
      const [row] = others.get(key) ?? [];
      if (row && isPublishedOtherwise(first.get(key), second.get(key))) moved.add(row.policy);
      named.push(...namedWhereDiffering(first.get(key), second.get(key)));
      if (turns.isOver) await turns.next();
    }
    wanted = [...new Set(named)].filter((key) => !first.has(key));
  }
  return {
    from: (key) => first.get(key),
    to: (key) => second.get(key),
    notes: await notesBetween(pool, points, [...moved]),
  };
}

/** Recorded at both, and public from another time on, or dated by another publication. */
const isPublishedOtherwise = (one: EventAtPoint | undefined, other: EventAtPoint | undefined): boolean =>
  one !== undefined &&
  other !== undefined &&
  (one.knownFrom !== other.knownFrom ||
    one.firstPublishedBy !== other.firstPublishedBy ||
    String(one.version?.datedBy) !== String(other.version?.datedBy));

async function notesBetween(
  pool: Pool,
  { from, to }: Points,
  policies: readonly number[],
): Promise<ReadonlyMap<string, RecordNote>> {
  if (policies.length === 0 || from.recorded === to.recorded) return new Map();
  const ends = [from.recorded, to.recorded].sort((one, other) => one - other);
  const { rows } = await pool.query<NoteRow>({ name: 'notes-between', text: NOTES, values: [policies, ...ends] });
  return new Map(
    rows.map(({ event, position: at, type, target }) => [event, { key: event, position: position(at), type, target }]),
  );
}

/** Events as one coordinate sees them, with the corrections in force of each, of those, and so on. */
export async function eventsWithCorrections(
  pool: Pool,
  at: Coordinate,
  keys: readonly string[],
): Promise<SeenEvents['from']> {
  const seen = new Map<string, EventAtPoint | undefined>();
  let wanted = keys;
  for (let round = 0; round < ROUNDS && wanted.length > 0; round += 1) {
    const versions = await versionsAt(pool, at, wanted);
    for (const key of wanted) seen.set(key, seenEvent(key, at, versions.get(key) ?? []));
    const corrections = wanted.flatMap((key) => seen.get(key)?.version?.correctedBy ?? []);
    wanted = [...new Set(corrections)].filter((key) => !seen.has(key));
  }
  return (key) => seen.get(key);
}

function namedWhereDiffering(one: EventAtPoint | undefined, other: EventAtPoint | undefined): readonly string[] {
  const [before, after] = [one?.version, other?.version];
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const publishers = [one, other].flatMap((seen) => seen?.firstPublishedBy ?? []);
  return [before, after].reduce<readonly string[]>(
    (named, standing) =>
      standing
        ? [...named, ...standing.retractedBy, ...standing.correctedBy, ...standing.datedBy, ...standing.follows]
        : named,
    publishers,
  );
}

async function versionsAt(
  pool: Pool,
  { recorded, knownAt }: Coordinate,
  events: readonly string[],
): Promise<ReadonlyMap<string, readonly VersionRow[]>> {
  const { rows } = await pool.query<VersionRow>({
    name: 'versions-of-events',
    text: VERSIONS,
    values: [recorded, events, storedInstant(knownAt)],
  });
  return groupRows(rows, ({ event }) => event);
}

function seenEvent(key: string, at: Coordinate, versions: readonly VersionRow[]): EventAtPoint | undefined {
  const [any] = versions;
  if (!any) return undefined;
  const known = versions.find(
    ({ known_from, known_to }) => readInstant(known_from) <= at.knownAt && at.knownAt < readInstant(known_to),
  );
  const { firstPublishedBy, ownPublication } = any.marks;
  return {
    key,
    position: position(any.position),
    knownFrom: instant(any.public_from),
    ownPublication: instant(ownPublication),
    ...(firstPublishedBy === undefined ? {} : { firstPublishedBy }),
    ...(known ? { version: standingOf(known) } : {}),
  };
}

function standingOf({ body, retracted, marks, records }: VersionRow): NonNullable<EventAtPoint['version']> {
  const { retractedBy, correctedBy } = recordsInForce(body, marks, records);
  return { body, retracted, ...marks, retractedBy, correctedBy };
}
