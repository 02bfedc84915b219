import type { Pool } from 'pg';
import { z } from 'zod';
import { formatInstant, instant } from '#domain';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import type { Bind } from '../../rows/steps.js';
import { WITHOUT_END, standsAt, storedInstant } from '../../rows/table.js';
import { type EventFilter, type EventScope, eventConditions } from './event-filter.js';

/** Each count ends here: it then says that there are so many or more. */
const MOST_COUNTED = 10_000;

const count = (what: string) => z.int().meta({ description: `${what} At most ${MOST_COUNTED}: so many or more.` });

/** How many events a coordinate hides, or shows as they were not left. */
export const shownHiddenEvents = z
  .object({
    later: count('Events on record at the coordinate that became known only after it.'),
    correctedSince: count('Events shown that read otherwise today, by what became known or was recorded later.'),
    retractedSince: count('Events shown that are retracted today.'),
    undated: count('Events shown that may have happened by `validAt`, and may not: their dates do not settle it.'),
  })
  .meta({
    id: 'HiddenEvents',
    description: 'What a coordinate hides. `correctedSince` and `retractedSince` look at the record of today.',
  });

/** See the schema. */
export type HiddenEvents = Readonly<z.output<typeof shownHiddenEvents>>;

interface Seen {
  readonly filter: EventFilter;
  readonly scope: EventScope;
}

/** Counts what a coordinate hides of the events that a filter lets through. */
export async function hiddenEventsAt(pool: Pool, at: ResolvedCoordinate, seen: Seen): Promise<HiddenEvents> {
  const later = await countRows(pool, { ...at, knownAt: LAST_KNOWN }, { ...seen, condition: laterThan(at) });
  const { corrected, retracted } = await countChanged(pool, at, seen);
  return {
    later,
    correctedSince: corrected,
    retractedSince: retracted,
    undated: await countRows(pool, at, { ...seen, condition: undatedAt(at) }),
  };
}

/** Before the end of known time, so that what stands without end stands then. */
const LAST_KNOWN = instant(WITHOUT_END - 1);

type Condition = (bind: Bind) => string;

const laterThan =
  ({ knownAt }: ResolvedCoordinate): Condition =>
  (bind) =>
    `t.public_from > ${bind(storedInstant(knownAt))}`;

/** Instants are text of one length there, which compares as they do. */
const undatedAt =
  ({ validAt }: ResolvedCoordinate): Condition =>
  (bind) => {
    const day = `${bind(formatInstant(validAt))}::text COLLATE "C"`;
    return `coalesce(t.marks ->> 'settled' > ${day}, true) AND coalesce(t.marks ->> 'earliest' <= ${day}, true) AND NOT t.retracted`;
  };

function searchIn(at: ResolvedCoordinate, { filter, scope }: Seen) {
  const values: unknown[] = [at.recorded, storedInstant(at.knownAt)];
  const bind: Bind = (value) => `$${values.push(value)}`;
  return { values, bind, conditions: [standsAt('t', '$1', '$2'), ...eventConditions(filter, scope, bind)] };
}

async function countRows(
  pool: Pool,
  at: ResolvedCoordinate,
  { condition, ...seen }: Seen & { readonly condition: Condition },
): Promise<number> {
  const { values, bind, conditions } = searchIn(at, seen);
  const { rows } = await pool.query<{ readonly found: number }>(
    `SELECT count(*)::integer AS found FROM (SELECT FROM read.timeline t WHERE ${[...conditions, condition(bind)].join(' AND ')} LIMIT ${MOST_COUNTED}) counted`,
    values,
  );
  return rows[0]?.found ?? 0;
}

/** Only rows that have an end can have come to read otherwise; the last row of an event has none. */
const CHANGED = `NOT t.retracted AND (t.recorded_to < ${WITHOUT_END} OR t.known_to < ${WITHOUT_END})
  AND n.recorded_to = ${WITHOUT_END} AND n.known_to = ${WITHOUT_END}`;

async function countChanged(
  pool: Pool,
  at: ResolvedCoordinate,
  seen: Seen,
): Promise<{ readonly corrected: number; readonly retracted: number }> {
  const { values, conditions } = searchIn(at, seen);
  const counted = (which: string): string =>
    `(SELECT count(*)::integer FROM (SELECT FROM read.timeline t JOIN read.timeline n ON n.policy = t.policy AND n.event = t.event
      WHERE ${[...conditions, CHANGED, which].join(' AND ')} LIMIT ${MOST_COUNTED}) counted)`;
  const { rows } = await pool.query<{ readonly corrected: number; readonly retracted: number }>(
    `SELECT ${counted('n.body::text <> t.body::text')} AS corrected, ${counted('n.retracted')} AS retracted`,
    values,
  );
  return rows[0] ?? { corrected: 0, retracted: 0 };
}
