import type { Pool } from 'pg';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { standsAt, storedInstant } from '../../rows/table.js';

/** A thing to leave out: an event by its key, or whatever rests on a source alone, by the source's id. */
export interface LeftOut {
  readonly kind: 'event' | 'source';
  readonly id: string;
}

/** An answer cannot be given without something that is not on record at its coordinate. */
export class UnknownLeftOutError extends Error {
  override readonly name = 'UnknownLeftOutError';

  constructor(leftOut: { readonly kind: string; readonly id: string }) {
    super(`Nothing on record is the ${leftOut.kind} ${leftOut.id}.`);
  }
}

/** The keys of the events that are left out, by the slug of their policy. */
export type LeftOutKeys = ReadonlyMap<string, ReadonlySet<string>>;

/** Finds what is to be left out. Throws {@link UnknownLeftOutError} at the first thing that is not on record. */
export async function findLeftOut(
  pool: Pool,
  at: ResolvedCoordinate,
  leftOut: readonly LeftOut[],
): Promise<LeftOutKeys> {
  const found = new Map<string, Set<string>>();
  const named = await eventsByKey(pool, at, idsOf(leftOut, 'event'));
  const cited = await eventsBySource(pool, at, idsOf(leftOut, 'source'));
  for (const each of leftOut) {
    const isKnown =
      each.kind === 'event'
        ? named.some(({ event }) => event === each.id)
        : cited.some(({ source }) => source === each.id);
    if (!isKnown) throw new UnknownLeftOutError(each);
  }
  for (const { slug, event, falls } of [...named.map((row) => ({ ...row, falls: true })), ...cited])
    if (falls) found.set(slug, (found.get(slug) ?? new Set()).add(event));
  return found;
}

const idsOf = (leftOut: readonly LeftOut[], kind: LeftOut['kind']): readonly string[] =>
  leftOut.filter((each) => each.kind === kind).map(({ id }) => id);

/** An event, and the slug of its policy. */
export interface FoundEvent {
  readonly slug: string;
  readonly event: string;
}

/** The events of these keys that are on record, and whether they are records about others. */
export async function eventsByKey(
  pool: Pool,
  { recorded }: ResolvedCoordinate,
  keys: readonly string[],
): Promise<readonly (FoundEvent & { readonly isRecord: boolean })[]> {
  if (keys.length === 0) return [];
  const { rows } = await pool.query<FoundEvent & { readonly isRecord: boolean }>({
    name: 'left-out-events',
    text: `SELECT DISTINCT t.event, t.target IS NOT NULL AS "isRecord", (SELECT p.slug FROM read.policies p WHERE p.policy = t.policy LIMIT 1) AS slug
      FROM read.timeline t WHERE t.event = ANY ($1) AND t.position <= $2`,
    values: [keys, recorded],
  });
  return rows;
}

/** An event that a source is behind, and whether it has no other source in force. */
export interface CitingEvent extends FoundEvent {
  readonly source: string;
  /** True for what falls with the source: it alone is behind it; and the record by which the source was attached. */
  readonly falls: boolean;
}

/** The events that sources are behind at a coordinate. A source that its publisher withdrew from an event is no other. */
export async function eventsBySource(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  ids: readonly string[],
): Promise<readonly CitingEvent[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool.query<CitingEvent>({
    name: 'left-out-sources',
    text: `WITH citing AS (SELECT s.policy, s.event, s.target, s.source_id FROM read.sources s
        WHERE s.source_id = ANY ($3) AND ${standsAt('s', '$1', '$2')})
      SELECT DISTINCT c.source_id AS source, each.event, each.event <> c.target OR NOT EXISTS (
          SELECT FROM read.sources o WHERE o.policy = c.policy AND o.target = c.target AND o.source_id <> ALL ($3) AND ${standsAt('o', '$1', '$2')}
            AND NOT EXISTS (SELECT FROM read.source_withdrawals w WHERE w.policy = o.policy AND w.target = o.target
              AND w.publisher = o.publisher AND w.title = o.title AND ${standsAt('w', '$1', '$2')})) AS falls,
        (SELECT p.slug FROM read.policies p WHERE p.policy = c.policy LIMIT 1) AS slug
      FROM citing c CROSS JOIN LATERAL (SELECT c.event UNION SELECT c.target) each (event)`,
    values: [recorded, storedInstant(knownAt), ids],
  });
  return rows;
}
