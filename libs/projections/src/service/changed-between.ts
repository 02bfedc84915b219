import type { Pool } from 'pg';
import { type Instant, type Position, instant } from '#domain';
import type { Coordinate } from '#temporal';
import { WITHOUT_END, readInstant, storedInstant } from '../rows/table.js';
import { type Viewpoint, goesWithClock } from './viewpoint.js';

/** A policy that something was recorded about, and the last event that was. */
export interface RecordedChange {
  readonly policy: number;
  readonly position: Position;
  readonly key: string;
}

/** A policy that time alone has changed, and the last instant at which it did. */
export interface TimedChange {
  readonly policy: number;
  readonly at: Instant;
}

/** Two coordinates that differ in what was recorded, seen from a viewpoint; without a first, from before everything. */
export interface Recorded {
  readonly viewpoint: Viewpoint;
  readonly from: Coordinate | undefined;
  readonly to: Coordinate;
}

/**
 * The policies whose state can be another because of what was recorded between; without a first coordinate, every
 * policy. New ones are among them where it is now that is looked at: the past has no news of them as long as they have
 * no state there. In order of the last event of each, which is never the same for two.
 */
export async function findRecordedBetween(
  pool: Pool,
  { viewpoint, from, to }: Recorded,
): Promise<readonly RecordedChange[]> {
  const { rows } = await pool.query<RecordedChange>({
    name: from ? 'recorded-between' : 'recorded-until',
    text: from ? RECORDED_BETWEEN : RECORDED,
    values: from
      ? [from.recorded, to.recorded, storedInstant(to.knownAt), storedInstant(to.validAt), goesWithClock(viewpoint)]
      : [0, to.recorded],
  });
  return rows;
}

/** The policies whose state can be another because time went on, in order of time. */
export async function findChangedByTime(
  pool: Pool,
  viewpoint: Viewpoint,
  { recorded, from, to }: { readonly recorded: Position; readonly from: Instant; readonly to: Instant },
): Promise<readonly TimedChange[]> {
  if (!goesWithClock(viewpoint) || from >= to) return [];
  const { rows } = await pool.query<{ policy: number; at: number }>({
    name: `changed-by-time-${nameOf(viewpoint)}`,
    text: `SELECT policy, max(at)::float8 AS at FROM (${boundsOf(viewpoint, 'true')}) bounds WHERE at > $2 AND at <= $3 GROUP BY policy ORDER BY at, policy`,
    values: [recorded, from, to],
  });
  return rows.map(({ policy, at }) => ({ policy, at: readInstant(at) }));
}

/** The next instant after one at which the state of each of these policies, or of all, can be another; none: never. */
export async function nextChanges(
  pool: Pool,
  viewpoint: Viewpoint,
  { policies, recorded, after }: { policies: readonly number[] | 'all'; recorded: Position; after: Instant },
): Promise<readonly TimedChange[]> {
  if (!goesWithClock(viewpoint) || policies.length === 0) return [];
  const concerned = policies === 'all' ? 'true' : 'b.policy = ANY ($3)';
  const { rows } = await pool.query<{ policy: number; at: number }>({
    name: `next-changes-${nameOf(viewpoint)}-${policies === 'all' ? 'all' : 'some'}`,
    text: `SELECT policy, min(at)::float8 AS at FROM (${boundsOf(viewpoint, concerned)}) bounds WHERE at > $2 AND at < ${WITHOUT_END} GROUP BY policy`,
    values: [recorded, after, ...(policies === 'all' ? [] : [policies])],
  });
  return rows.map(({ policy, at }) => ({ policy, at: instant(at) }));
}

const RECORDED = `SELECT policy, max(position)::float8 AS position, (array_agg(key ORDER BY position DESC))[1] AS key FROM (
    SELECT t.policy, t.position, t.event AS key FROM read.timeline t WHERE t.recorded_from > $1 AND t.recorded_from <= $2 AND t.position = t.recorded_from
    UNION SELECT p.policy, p.policy, 'registered:' || p.slug FROM read.policies p WHERE p.recorded_from > $1 AND p.recorded_from <= $2 AND p.policy = p.recorded_from
  ) events GROUP BY policy ORDER BY position`;

// Where no box that holds the point began or ended in between, the state at the point was the same all the time.
const RECORDED_BETWEEN = `SELECT c.policy, c.position, c.key FROM (${RECORDED}) c WHERE ($5 AND c.policy > $1) OR EXISTS (
  SELECT FROM read.boxes b WHERE b.policy = c.policy AND b.known_from <= $3 AND b.known_to > $3 AND b.valid_from <= $4 AND b.valid_to > $4
    AND ((b.recorded_from > $1 AND b.recorded_from <= $2) OR (b.recorded_to > $1 AND b.recorded_to <= $2))) ORDER BY c.position`;

const nameOf = ({ validAt }: Viewpoint): string => (validAt === undefined ? 'now' : 'known');

/** The bounds of boxes that stand at a position, on the axes that go with the clock; those before $2 are left out early. */
function boundsOf({ validAt }: Viewpoint, concerned: string): string {
  const starts = validAt === undefined ? ['known_from', 'valid_from'] : ['known_from'];
  const ends = validAt === undefined ? ['known_to', 'valid_to'] : ['known_to'];
  const bounds = [...starts, ...ends].map((bound) => `b.${bound}`).join(', ');
  const later = [
    ...starts.map((bound) => `b.${bound} > $2`),
    ...ends.map((bound) => `(b.${bound} > $2 AND b.${bound} < ${WITHOUT_END})`),
  ].join(' OR ');
  return `SELECT b.policy, unnest(ARRAY[${bounds}]) AS at FROM read.boxes b
    WHERE ${concerned} AND b.recorded_from <= $1 AND b.recorded_to > $1 AND (${later})`;
}
