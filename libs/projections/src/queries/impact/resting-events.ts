import type { Pool } from 'pg';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { standsAt, storedInstant } from '../../rows/table.js';

/** An event that rests on something, and how many links away. */
export interface RestingEvent {
  readonly policy: string;
  readonly event: string;
  readonly type: string;
  readonly summary: string;
  readonly depth: number;
}

/** So many events are named at most. */
const MOST_RESTING = 1_000;

/** Events in force, and those that link to one of them or speak of it, and so on; each once, the nearest first. */
export async function restingOn(
  pool: Pool,
  at: ResolvedCoordinate,
  { keys, depth }: { readonly keys: readonly string[]; readonly depth: number },
): Promise<readonly RestingEvent[]> {
  const found = new Map<string, RestingEvent>();
  for (const event of await eventsAtDepth(pool, at, { condition: 't.event = ANY ($3)', keys, depth: 0 }))
    found.set(event.event, event);
  let reached: readonly string[] = [...new Set([...keys, ...found.keys()])];
  for (let level = 1; level <= depth && reached.length > 0 && found.size < MOST_RESTING; level += 1) {
    const condition = '(t.links_to && $3::text[] OR t.target = ANY ($3))';
    const next = await eventsAtDepth(pool, at, { condition, keys: reached, depth: level });
    const others = next.filter(({ event }) => !found.has(event));
    for (const event of others) found.set(event.event, event);
    reached = others.map(({ event }) => event);
  }
  return [...found.values()].slice(0, MOST_RESTING);
}

interface Level {
  readonly condition: string;
  readonly keys: readonly string[];
  readonly depth: number;
}

async function eventsAtDepth(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  { condition, keys, depth }: Level,
): Promise<readonly RestingEvent[]> {
  const { rows } = await pool.query<Omit<RestingEvent, 'depth'>>(
    `SELECT (SELECT p.slug FROM read.policies p WHERE p.policy = t.policy LIMIT 1) AS policy, t.event, t.type, t.body ->> 'summary' AS summary
      FROM read.timeline t WHERE ${condition} AND NOT t.retracted AND ${standsAt('t', '$1', '$2')}
      ORDER BY t.occurred_order LIMIT ${MOST_RESTING}`,
    [recorded, storedInstant(knownAt), keys],
  );
  return rows.map((row) => ({ ...row, depth }));
}
